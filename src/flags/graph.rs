//! What depends on what: in which order it can be evaluated, and what depends on itself.

/// The order, and who is part of a circle.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// All nodes, each behind those that it needs.
    pub order: Vec<usize>,
    /// Whether a node needs itself, directly or over others.
    pub circular: Vec<bool>,
}

const UNSEEN: usize = usize::MAX;

/// Tarjan's algorithm, without recursion: a chain of any length is a loop here.
pub fn order(needs: &[Vec<usize>]) -> Order {
    let count = needs.len();
    let mut search = Search {
        index: vec![UNSEEN; count],
        low: vec![0; count],
        open: vec![false; count],
        stack: Vec::new(),
        next: 0,
        found: Order { order: Vec::with_capacity(count), circular: vec![false; count] },
    };
    for node in 0..count {
        if search.index.get(node) == Some(&UNSEEN) {
            search.visit(node, needs);
        }
    }
    for (node, needed) in needs.iter().enumerate() {
        if needed.contains(&node) {
            set(&mut search.found.circular, node, true);
        }
    }
    search.found
}

struct Search {
    index: Vec<usize>,
    low: Vec<usize>,
    open: Vec<bool>,
    stack: Vec<usize>,
    next: usize,
    found: Order,
}

impl Search {
    fn visit(&mut self, root: usize, needs: &[Vec<usize>]) {
        // Each node with how many of its needs have been looked at.
        let mut path = vec![(root, 0_usize)];
        self.enter(root);
        while let Some((node, at)) = path.last_mut() {
            let node = *node;
            let needed = needs.get(node).and_then(|needs| needs.get(*at)).copied();
            *at = at.wrapping_add(1);
            match needed {
                Some(needed) if get(&self.index, needed) == UNSEEN => {
                    self.enter(needed);
                    path.push((needed, 0));
                }
                Some(needed) => {
                    if self.open.get(needed) == Some(&true) {
                        self.lower(node, get(&self.index, needed));
                    }
                }
                None => {
                    let _done = path.pop();
                    if let Some((above, _)) = path.last() {
                        self.lower(*above, get(&self.low, node));
                    }
                    self.leave(node);
                }
            }
        }
    }

    fn enter(&mut self, node: usize) {
        set(&mut self.index, node, self.next);
        set(&mut self.low, node, self.next);
        set(&mut self.open, node, true);
        self.next = self.next.wrapping_add(1);
        self.stack.push(node);
    }

    fn lower(&mut self, node: usize, low: usize) {
        let low = low.min(get(&self.low, node));
        set(&mut self.low, node, low);
    }

    /// If it is the first of a circle, or of none, those behind it on the stack are the circle.
    fn leave(&mut self, node: usize) {
        if get(&self.low, node) != get(&self.index, node) {
            return;
        }
        let circular = self.stack.last() != Some(&node);
        while let Some(member) = self.stack.pop() {
            set(&mut self.open, member, false);
            set(&mut self.found.circular, member, circular);
            self.found.order.push(member);
            if member == node {
                break;
            }
        }
    }
}

fn get(list: &[usize], at: usize) -> usize {
    list.get(at).copied().unwrap_or(0)
}

fn set<T>(list: &mut [T], at: usize, value: T) {
    if let Some(place) = list.get_mut(at) {
        *place = value;
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn whoever_is_needed_comes_first_and_circles_are_found() {
        let found = order(&[vec![1, 2], vec![2], vec![], vec![4], vec![3, 2], vec![5], vec![3]]);
        assert_eq!(found.circular, [false, false, false, true, true, true, false]);
        let place = |node| found.order.iter().position(|known| *known == node).unwrap();
        assert_eq!(found.order.len(), 7);
        assert!(place(2) < place(1) && place(1) < place(0) && place(3) < place(6));
    }

    #[test]
    fn a_chain_of_any_length_is_no_recursion() {
        let count = 200_000;
        let needs: Vec<Vec<usize>> =
            (1..=count).map(|next| if next < count { vec![next] } else { vec![] }).collect();
        let found = order(&needs);
        assert_eq!((found.order.len(), found.order[0]), (count, 199_999));
        assert!(!found.circular.iter().any(|circular| *circular));
    }
}
