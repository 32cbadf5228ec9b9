//! CQL's names of types.

use scylla::frame::response::result::{CollectionType, ColumnType};

pub fn cql_name(kind: &ColumnType) -> String {
    match kind {
        // The driver's names of these types are CQL's, but for capital letters.
        ColumnType::Native(native) => format!("{native:?}").to_lowercase(),
        ColumnType::Collection { frozen, typ } => freeze(*frozen, collection_name(typ)),
        ColumnType::Vector { typ, dimensions } => {
            format!("vector<{}, {dimensions}>", cql_name(typ))
        }
        ColumnType::UserDefinedType { frozen, definition } => {
            freeze(*frozen, definition.name.to_string())
        }
        ColumnType::Tuple(types) => {
            let names: Vec<_> = types.iter().map(cql_name).collect();
            format!("frozen<tuple<{}>>", names.join(", "))
        }
        _ => "unknown".to_owned(),
    }
}

fn freeze(frozen: bool, name: String) -> String {
    if frozen { format!("frozen<{name}>") } else { name }
}

fn collection_name(kind: &CollectionType) -> String {
    match kind {
        CollectionType::List(element) => format!("list<{}>", cql_name(element)),
        CollectionType::Set(element) => format!("set<{}>", cql_name(element)),
        CollectionType::Map(key, value) => format!("map<{}, {}>", cql_name(key), cql_name(value)),
        _ => "unknown".to_owned(),
    }
}
