//! A JSON line as a tree, with keys that occur twice noticed: `serde_json`'s own tree keeps the last.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The object that a line holds; `None` where it is none, or names a field twice. An object deeper
/// down that does becomes null: what it says is unknown.
pub(crate) fn object(line: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice(line).ok()? {
        Tree::Object(fields) => unique(fields),
        Tree::Leaf(_) | Tree::List(_) => None,
    }
}

fn unique(fields: Vec<(String, Tree)>) -> Option<Map<String, Value>> {
    let mut object = Map::new();
    for (key, tree) in fields {
        if object.insert(key, tree.into()).is_some() {
            return None;
        }
    }
    Some(object)
}

enum Tree {
    Leaf(Value),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl From<Tree> for Value {
    fn from(tree: Tree) -> Value {
        match tree {
            Tree::Leaf(value) => value,
            Tree::List(entries) => Value::Array(entries.into_iter().map(Value::from).collect()),
            Tree::Object(fields) => unique(fields).map_or(Value::Null, Value::Object),
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Leaf(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Leaf(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Leaf(Number::from_f64(value).map_or(Value::Null, Value::Number)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Leaf(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(entry) = entries.next_element()? {
            list.push(entry);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = entries.next_entry()? {
            fields.push(field);
        }
        Ok(Tree::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_occurs_twice_is_noticed_at_every_depth() {
        assert_eq!(object(br#"{"a":1,"b":2,"a":1}"#), None);
        assert_eq!(object(br#"{"a":1,"\u0061":1}"#), None);
        assert_eq!(object(b"[1]"), None);
        let deep = object(br#"{"a":[{"b":1,"b":2},{"b":1.5,"c":null}]}"#).unwrap();
        assert_eq!(Value::Object(deep), serde_json::json!({"a": [null, {"b": 1.5, "c": null}]}));
    }
}
