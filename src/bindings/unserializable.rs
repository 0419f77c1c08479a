//! Why `JSON.stringify` threw, and where: it says neither in a form that could be handed on.

use js_sys::{BigInt, Function, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::serialize;
use crate::error::{Code, Error};
use crate::json::MAX_DEPTH;

/// How many values are looked at before the search is given up.
const MAX_STEPS: u32 = 100_000;

/// The first reason, depth first, as the text of `{ code, field, message }`.
#[wasm_bindgen]
pub fn find_unserializable(value: &JsValue) -> JsValue {
    let mut search = Search { path: Vec::new(), above: Vec::new(), steps: 0 };
    let error = search
        .visit(value)
        .err()
        .unwrap_or_else(|| Error::new(Code::Unreadable, "", "could not be turned into JSON"));
    serialize::mistake(&error).into()
}

struct Search {
    path: Vec<String>,
    above: Vec<JsValue>,
    steps: u32,
}

impl Search {
    fn visit(&mut self, value: &JsValue) -> Result<(), Error> {
        self.steps = self.steps.saturating_add(1);
        if self.steps > MAX_STEPS {
            return Err(self.error(Code::Unreadable, "could not be turned into JSON"));
        }
        if value.is_bigint() {
            return Err(self.error(Code::Bigint, "is a BigInt, which JSON does not have"));
        }
        if !value.is_object() || value.is_instance_of::<BigInt>() {
            return Ok(());
        }
        if self.above.iter().any(|other| Object::is(other, value)) {
            return Err(self.error(Code::Circular, "contains itself"));
        }
        if self.above.len() > MAX_DEPTH {
            return Err(self.error(Code::TooDeep, "nested deeper than 100 levels"));
        }
        let json = Reflect::get(value, &"toJSON".into()).map_err(|_| self.threw())?;
        if let Some(to_json) = json.dyn_ref::<Function>() {
            let key = self.path.last().map_or("", String::as_str);
            let shown = to_json.call1(value, &key.into()).map_err(|_| self.threw())?;
            // What it returns is serialised as it is, without a toJSON of its own.
            return if Object::is(&shown, value) {
                self.members(value)
            } else {
                self.plain(&shown)
            };
        }
        self.members(value)
    }

    fn plain(&mut self, value: &JsValue) -> Result<(), Error> {
        if value.is_bigint() {
            return Err(self.error(Code::Bigint, "is a BigInt, which JSON does not have"));
        }
        if value.is_object() { self.members(value) } else { Ok(()) }
    }

    fn members(&mut self, value: &JsValue) -> Result<(), Error> {
        let keys = Reflect::own_keys(value).map_err(|_| self.threw())?;
        self.above.push(value.clone());
        for key in keys.iter() {
            let Some(name) = key.as_string() else { continue };
            self.path.push(name);
            let member = Reflect::get(value, &key).map_err(|_| self.threw())?;
            self.visit(&member)?;
            self.path.pop();
        }
        self.above.pop();
        Ok(())
    }

    fn threw(&self) -> Error {
        self.error(Code::Unreadable, "threw when it was read")
    }

    fn error(&self, code: Code, message: &'static str) -> Error {
        let names: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let path: String = names.join(".").chars().take(200).collect();
        Error::with(code, path, message)
    }
}
