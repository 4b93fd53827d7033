//! A JSON line as a tree, with keys that occur twice noticed: `serde_json`'s own tree keeps the last.

use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Number, Value};

/// The fields of a line whose names are among `wanted`; `None` where it is no object, or names any
/// field twice. An object deeper down that does becomes null: what it says is unknown. Whatever
/// stands in fields that nobody asked for is passed over, however odd it is.
pub(crate) fn object(line: &[u8], wanted: &[&str]) -> Option<Map<String, Value>> {
    let mut json = serde_json::Deserializer::from_slice(line);
    let fields = Wanted(wanted).deserialize(&mut json).ok()?;
    json.end().ok()?;
    let mut object = Map::new();
    let mut seen = std::collections::HashSet::new();
    for (key, tree) in fields {
        if !seen.insert(key.clone()) {
            return None;
        }
        object.extend(tree.map(|tree| (key, tree.into())));
    }
    Some(object)
}

/// Reads the top level of a line.
struct Wanted<'w>(&'w [&'w str]);

impl<'de> DeserializeSeed<'de> for Wanted<'_> {
    type Value = Vec<(String, Option<Tree>)>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Wanted<'_> {
    type Value = Vec<(String, Option<Tree>)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = if self.0.contains(&key.as_str()) {
                Some(entries.next_value()?)
            } else {
                entries.next_value::<IgnoredAny>()?;
                None
            };
            fields.push((key, value));
        }
        Ok(fields)
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
        assert_eq!(object(br#"{"a":1,"b":2,"a":1}"#, &[]), None);
        assert_eq!(object(br#"{"a":1,"\u0061":1}"#, &["a"]), None);
        assert_eq!(object(b"[1]", &["a"]), None);
        let deep = object(br#"{"a":[{"b":1,"b":2},{"b":1.5,"c":null}]}"#, &["a"]).unwrap();
        assert_eq!(Value::Object(deep), serde_json::json!({"a": [null, {"b": 1.5, "c": null}]}));
    }

    #[test]
    fn what_nobody_asked_for_may_be_as_odd_as_it_likes() {
        let odd = format!(
            r#"{{"a":1,"b":{}{},"c":1e999,"d":"\ud800"}}"#,
            "[".repeat(500),
            "]".repeat(500)
        );
        assert_eq!(object(odd.as_bytes(), &["a"]).unwrap().len(), 1);
    }
}
