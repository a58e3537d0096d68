//! An item after its checks. It cannot hold what a check refuses.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::{ExprPath, Generics, LitStr, Path, Type, WherePredicate};
use telemetry_spec::time::Unit;

pub(crate) struct Container<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    /// The `telemetry` crate.
    pub(crate) krate: Path,
    pub(crate) data: Data<'a>,
    pub(crate) event: Option<Event>,
    pub(crate) budget: Option<Budget>,
    /// Stated bounds, which replace the inferred ones.
    pub(crate) bound: Option<Vec<WherePredicate>>,
    /// Whether no error was found. After one nothing is counted or compared, since the rest is not what the author meant.
    pub(crate) sound: bool,
}

impl Container<'_> {
    /// Where it says that the client adds the context.
    pub(crate) fn context(&self) -> Option<Span> {
        self.event.as_ref()?.context
    }

    /// Whether it has parameters, so that constants of its own are evaluated only where it is used.
    pub(crate) fn is_generic(&self) -> bool {
        !self.generics.params.is_empty()
    }
}

pub(crate) struct Event {
    pub(crate) name: LitStr,
    /// Where the author asks for the context.
    pub(crate) context: Option<Span>,
}

pub(crate) struct Budget {
    pub(crate) bits: u64,
    pub(crate) span: Span,
}

pub(crate) enum Data<'a> {
    /// After an error that leaves nothing of the item.
    Nothing,
    /// An object.
    Group(Vec<Field<'a>>),
    /// Sent as the one field that is not skipped.
    Transparent { fields: Vec<Field<'a>>, at: usize },
    /// A word for each variant.
    Words(Vec<(&'a Ident, String)>),
    /// An enum with data.
    Variants { tag: Option<String>, variants: Vec<Variant<'a>> },
}

impl<'a> Data<'a> {
    /// All fields, those of variants included.
    pub(crate) fn fields(&self) -> Vec<&Field<'a>> {
        match self {
            Self::Nothing | Self::Words(_) => Vec::new(),
            Self::Group(fields) | Self::Transparent { fields, .. } => fields.iter().collect(),
            Self::Variants { variants, .. } => variants.iter().flat_map(Variant::fields).collect(),
        }
    }
}

pub(crate) struct Variant<'a> {
    pub(crate) ident: &'a Ident,
    /// Whether it has no fields, not even skipped ones.
    pub(crate) is_bare: bool,
    pub(crate) word: String,
    pub(crate) shape: Shape<'a>,
}

impl<'a> Variant<'a> {
    pub(crate) fn fields(&self) -> &[Field<'a>] {
        match &self.shape {
            Shape::Unit => &[],
            Shape::Value(value) => std::slice::from_ref(value),
            Shape::Group(fields) => fields,
        }
    }
}

pub(crate) enum Shape<'a> {
    Unit,
    Value(Field<'a>),
    Group(Vec<Field<'a>>),
}

pub(crate) struct Field<'a> {
    pub(crate) member: Member<'a>,
    pub(crate) ty: &'a Type,
    /// Those of the type.
    pub(crate) tokens: Vec<TokenTree>,
    pub(crate) name: String,
    pub(crate) name_span: Span,
    pub(crate) purpose: String,
    pub(crate) policy: Box<dyn Policy>,
    /// The function that gives the value.
    pub(crate) with: Option<ExprPath>,
}

#[derive(Clone, Copy)]
pub(crate) enum Member<'a> {
    Named(&'a Ident),
    Index(usize),
}

/// What leaves of a field, and how: its kind in the schema, the call that records it, and the trait that its type must have.
pub(crate) trait Policy {
    /// The trait that the field's type must implement. It has a constant `REQUIRED`, or is `TelemetrySnapshot`.
    fn required_trait(&self) -> &'static str;

    /// Where the value stands on the wire.
    fn place(&self) -> Place {
        Place::Member
    }

    /// Writes the kind of value in the schema.
    fn kind(&self, field: &Field<'_>, tokens: &mut TokenStream);

    /// The function of the trait that records the value.
    fn record(&self) -> &'static str;

    /// The unit of time that the function is given.
    fn unit(&self) -> Option<Unit> {
        None
    }

    /// Whether the type itself says what it sends.
    fn is_natural(&self) -> bool {
        false
    }

    /// The bits behind the value, where it is more than one value.
    fn weight(&self, _: &Field<'_>) -> Option<TokenStream> {
        None
    }

    /// A check that the compiler evaluates, beyond the trait.
    fn check(&self, _: &Field<'_>) -> Option<TokenStream> {
        None
    }

    /// The statement that records that there is no value of a struct that is sent as this field.
    fn record_absent(&self, _: &Field<'_>, _recorder: &Ident) -> Option<TokenStream> {
        None
    }

    /// Why a function cannot give the value.
    fn refuses_with(&self) -> Option<&'static str> {
        None
    }
}

/// Where the value of a field stands on the wire.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Place {
    /// Under the field's name.
    Member,
    /// Its own members stand among those of the group.
    Flattened,
    Nowhere,
}
