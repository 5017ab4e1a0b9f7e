//! The shape of a type as the metadata describes it, in one line: what is encoded, in which order, under which names.
//!
//! Two types of one shape are encoded alike and mean the same. So a call that has the shape that this program knows is
//! read by the runtime as this program meant it; the bytes alone would not tell two numbers that changed places.

use subxt::{
    ext::scale_type_resolver::{visitor, TypeResolver},
    Metadata,
};

/// How deep types lie in each other, at most. Nothing that this program makes comes near.
const MOST_DEEP: usize = 24;

/// A name, where there is one, and the number of a type.
type Named = (Option<String>, u32);

/// The shape of fields.
pub(crate) fn of_fields<'a>(
    metadata: &Metadata,
    fields: impl IntoIterator<Item = (Option<&'a str>, u32)>,
) -> String {
    let fields = fields
        .into_iter()
        .map(|(name, id)| (name.map(Into::into), id))
        .collect();
    Shapes { metadata }.fields(fields, 0)
}

struct Shapes<'a> {
    metadata: &'a Metadata,
}

impl Shapes<'_> {
    fn fields(&self, fields: Vec<Named>, depth: usize) -> String {
        let named = fields.iter().any(|(name, _)| name.is_some());
        let parts: Vec<_> = fields
            .into_iter()
            .map(|(name, id)| {
                let shape = self.of(id, depth);
                name.map_or_else(|| shape.clone(), |name| format!("{name}:{shape}"))
            })
            .collect();
        match named {
            true => format!("{{{}}}", parts.join(",")),
            false => format!("({})", parts.join(",")),
        }
    }

    fn of(&self, id: u32, depth: usize) -> String {
        // What is called in turn has a shape of its own.
        if id == self.metadata.outer_enums().call_enum_ty() {
            return "Call".into();
        }
        if depth > MOST_DEEP {
            return "...".into();
        }
        let below = depth.saturating_add(1);
        let of = |id| self.of(id, below);
        let visitor = visitor::new((), |(), _| String::from("?"))
            .visit_composite(|(), _, fields| {
                let fields: Vec<Named> = fields
                    .map(|field| (field.name.map(Into::into), field.id))
                    .collect();
                match fields.as_slice() {
                    // A number by another name is encoded as the number.
                    [(None, id)] => of(*id),
                    _ => self.fields(fields, below),
                }
            })
            .visit_variant(|(), _, variants| {
                let variants: Vec<_> = variants
                    .map(|variant| {
                        let fields: Vec<Named> = variant
                            .fields
                            .map(|field| (field.name.map(Into::into), field.id))
                            .collect();
                        let of_fields = match fields.is_empty() {
                            true => String::new(),
                            false => self.fields(fields, below),
                        };
                        format!("{}={}{of_fields}", variant.name, variant.index)
                    })
                    .collect();
                format!("<{}>", variants.join("|"))
            })
            .visit_sequence(|(), _, id| format!("[{}]", of(id)))
            .visit_array(|(), id, length| format!("[{};{length}]", of(id)))
            .visit_tuple(|(), ids| {
                let parts: Vec<_> = ids.map(of).collect();
                format!("({})", parts.join(","))
            })
            .visit_primitive(|(), primitive| format!("{primitive:?}").to_lowercase())
            .visit_compact(|(), id| format!("compact({})", of(id)));
        self.metadata
            .types()
            .resolve_type(id, visitor)
            .unwrap_or_else(|_| String::from("?"))
    }
}
