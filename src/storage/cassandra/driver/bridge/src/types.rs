//! CQL's names of types.

use scylla::frame::response::result::{CollectionType, ColumnType, NativeType};

pub fn cql_name(kind: &ColumnType) -> String {
    match kind {
        ColumnType::Native(native) => native_name(native).to_owned(),
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

fn native_name(kind: &NativeType) -> &'static str {
    match kind {
        NativeType::Ascii => "ascii",
        NativeType::Boolean => "boolean",
        NativeType::Blob => "blob",
        NativeType::Counter => "counter",
        NativeType::Date => "date",
        NativeType::Decimal => "decimal",
        NativeType::Double => "double",
        NativeType::Duration => "duration",
        NativeType::Float => "float",
        NativeType::Int => "int",
        NativeType::BigInt => "bigint",
        NativeType::Text => "text",
        NativeType::Timestamp => "timestamp",
        NativeType::Inet => "inet",
        NativeType::SmallInt => "smallint",
        NativeType::TinyInt => "tinyint",
        NativeType::Time => "time",
        NativeType::Timeuuid => "timeuuid",
        NativeType::Uuid => "uuid",
        NativeType::Varint => "varint",
        _ => "unknown",
    }
}
