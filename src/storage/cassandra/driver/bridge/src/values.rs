//! Values that are on the wire's format already: each a 32-bit length and that many bytes.

use scylla::serialize::SerializationError;
use scylla::serialize::row::{RowSerializationContext, SerializeRow};
use scylla::serialize::writers::RowWriter;

pub struct RawValues(pub Vec<u8>);

fn malformed(what: &'static str) -> SerializationError {
    SerializationError::new(std::io::Error::other(what))
}

impl SerializeRow for RawValues {
    fn serialize(
        &self,
        context: &RowSerializationContext<'_>,
        writer: &mut RowWriter,
    ) -> Result<(), SerializationError> {
        let mut rest = &self.0[..];
        for _ in context.columns() {
            let too_few = || malformed("there are fewer values than the statement has parameters");
            let (length, after) = rest.split_first_chunk::<4>().ok_or_else(too_few)?;
            let cell = writer.make_cell_writer();
            rest = match i32::from_be_bytes(*length) {
                -1 => {
                    cell.set_null();
                    after
                }
                -2 => {
                    cell.set_unset();
                    after
                }
                size => {
                    let size = usize::try_from(size).map_err(|_| malformed("a bad length"))?;
                    let (value, after) = after
                        .split_at_checked(size)
                        .ok_or_else(|| malformed("a value cut short"))?;
                    cell.set_value(value).map_err(|_| malformed("a value that is too large"))?;
                    after
                }
            };
        }
        match rest {
            [] => Ok(()),
            _ => Err(malformed("there are more values than the statement has parameters")),
        }
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
