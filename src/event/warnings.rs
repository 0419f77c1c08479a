//! How many warnings an event may have.

use crate::error::Warning;
use crate::json::writer::format_u64;

/// So many warnings of one event are told one by one.
const MAX_WARNINGS: usize = 20;

/// Of the warnings from this place on, keeps the first few and says how many more there were.
pub fn summarise(warnings: &mut Vec<Warning>, first: usize) {
    let last = first.saturating_add(MAX_WARNINGS);
    let more = warnings.len().saturating_sub(last);
    if let Some(code) = warnings.get(last).map(|warning| warning.code) {
        warnings.truncate(last);
        let message = ["and ", &format_u64(more), " more warnings about this event"].concat();
        warnings.push(Warning::with(code, "", message));
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::error::Code;

    #[test]
    fn thousands_are_one() {
        let warning = || Warning::new(Code::UnknownField, "a", "b");
        for (count, first, left, said) in [
            (20, 0, 20, "b"),
            (21, 0, 21, "and 1 more warnings about this event"),
            (6500, 3, 24, "and 6477 more warnings about this event"),
        ] {
            let mut warnings: Vec<_> = (0..count).map(|_| warning()).collect();
            summarise(&mut warnings, first);
            let last = warnings.last().map(|warning| warning.message.as_ref());
            assert_eq!((warnings.len(), last), (left, Some(said)), "{count}");
        }
    }
}
