//! An item after its checks. Its types cannot represent an item that the checks refuse.

use std::rc::Rc;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::spanned::Spanned;
use syn::{ExprPath, Generics, LitStr, Path, Type, WherePredicate};
use telemetry_spec::time::Unit;

use crate::parse::expression::Closure;

pub(crate) struct Container<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    /// The `telemetry` crate.
    pub(crate) krate: Path,
    pub(crate) data: Data<'a>,
    pub(crate) event: Option<Event>,
    pub(crate) budget: Option<Budget>,
    /// Whether its parts may be deprecated.
    pub(crate) allows_deprecated: bool,
    /// Stated bounds, which replace the inferred ones.
    pub(crate) bound: Option<Vec<WherePredicate>>,
    /// Whether no error was found. After an error nothing is counted or compared, because the rest may not be what the author meant.
    pub(crate) sound: bool,
}

impl Container<'_> {
    /// What the author asks the client to add.
    pub(crate) fn added(&self) -> Added {
        self.event.as_ref().map(|event| event.added).unwrap_or_default()
    }

    /// Gives each function that computes a value a name of its own.
    pub(crate) fn name_functions(&mut self) {
        let (ident, (_, generics, _)) = (self.ident, self.generics.split_for_impl());
        let functions = self.data.fields_mut().into_iter().filter_map(|field| field.with.as_mut());
        for (at, with) in functions.enumerate() {
            with.name = format_ident!("__telemetry_with_{at}");
            with.of = quote!(#ident #generics);
        }
    }

    /// Whether a field is compared with that of the default value.
    pub(crate) fn needs_default(&self) -> bool {
        self.data.fields().iter().any(|field| field.policy.needs_default())
    }

    /// Whether it has parameters, so that its own constants are evaluated only where it is used.
    pub(crate) fn is_generic(&self) -> bool {
        !self.generics.params.is_empty()
    }
}

pub(crate) struct Event {
    pub(crate) name: LitStr,
    pub(crate) added: Added,
}

/// The positions where the author asks the client to add members to an event.
#[derive(Clone, Copy, Default)]
pub(crate) struct Added {
    /// How many equal events there were.
    pub(crate) counted: Option<Span>,
    pub(crate) context: Option<Span>,
}

impl Added {
    pub(crate) fn spans(self) -> impl Iterator<Item = Span> {
        [self.counted, self.context].into_iter().flatten()
    }

    pub(crate) fn is_nothing(self) -> bool {
        self.spans().next().is_none()
    }
}

pub(crate) struct Budget {
    pub(crate) bits: u64,
    pub(crate) span: Span,
}

pub(crate) enum Data<'a> {
    /// The item after an error that leaves nothing of it.
    Nothing,
    /// An object.
    Group(Vec<Field<'a>>),
    /// Sent as the one field that is not skipped.
    Transparent { fields: Vec<Field<'a>>, at: usize },
    /// A word for each variant.
    Words(Vec<Word<'a>>),
    /// An enum with data. With `content`, what a variant contains is in a member of this name.
    Variants { tag: Option<String>, content: Option<String>, variants: Vec<Variant<'a>> },
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

impl<'a> Data<'a> {
    pub(crate) fn fields_mut(&mut self) -> Vec<&mut Field<'a>> {
        match self {
            Self::Nothing | Self::Words(_) => Vec::new(),
            Self::Group(fields) | Self::Transparent { fields, .. } => fields.iter_mut().collect(),
            Self::Variants { variants, .. } => variants.iter_mut().flat_map(Variant::fields_mut).collect(),
        }
    }
}

/// A variant of which only the word is sent.
pub(crate) struct Word<'a> {
    pub(crate) ident: &'a Ident,
    /// Whether it has no fields.
    pub(crate) is_bare: bool,
    pub(crate) word: String,
}

pub(crate) struct Variant<'a> {
    pub(crate) ident: &'a Ident,
    /// Whether it has no fields, not even skipped ones.
    pub(crate) is_bare: bool,
    pub(crate) word: String,
    pub(crate) shape: Shape<'a>,
}

impl<'a> Variant<'a> {
    /// Whether nothing but its word can be sent.
    pub(crate) fn is_word(&self) -> bool {
        self.fields().iter().all(Field::is_skipped)
    }

    pub(crate) fn fields(&self) -> &[Field<'a>] {
        match &self.shape {
            Shape::Unit => &[],
            Shape::Value(value) => std::slice::from_ref(value),
            Shape::Group(fields) => fields,
        }
    }
}

impl<'a> Variant<'a> {
    fn fields_mut(&mut self) -> &mut [Field<'a>] {
        match &mut self.shape {
            Shape::Unit => &mut [],
            Shape::Value(value) => std::slice::from_mut(value),
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
    /// Its position among the fields.
    pub(crate) at: usize,
    pub(crate) member: Member<'a>,
    pub(crate) ty: &'a Type,
    /// The tokens of the type.
    pub(crate) tokens: Vec<TokenTree>,
    pub(crate) name: String,
    pub(crate) name_span: Span,
    /// Whether an attribute gives the name.
    pub(crate) is_renamed: bool,
    pub(crate) purpose: String,
    pub(crate) policy: Rc<dyn Policy>,
    /// The function that computes the value.
    pub(crate) with: Option<Box<With>>,
}

/// The function that computes the value of a field.
pub(crate) struct With {
    pub(crate) function: Function,
    /// The generated function that calls it; see [`Container::name_functions`].
    name: Ident,
    /// The type that has this function.
    of: TokenStream,
}

pub(crate) enum Function {
    Path(ExprPath),
    Closure(Closure),
}

impl Function {
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Path(path) => path.span(),
            Self::Closure(closure) => closure.code.span,
        }
    }

    pub(crate) fn tokens(&self) -> TokenStream {
        match self {
            Self::Path(path) => path.to_token_stream(),
            Self::Closure(closure) => closure.code.tokens.clone(),
        }
    }
}

impl With {
    pub(crate) fn new(function: Function) -> Box<Self> {
        Box::new(Self { function, name: format_ident!("__telemetry_with"), of: quote!(Self) })
    }

    /// The name of the generated function.
    pub(crate) fn name(&self) -> &Ident {
        &self.name
    }

    /// The path of the generated function.
    pub(crate) fn path(&self) -> TokenStream {
        let (of, name) = (&self.of, &self.name);
        quote!(<#of>::#name)
    }
}

#[derive(Clone, Copy)]
pub(crate) enum Member<'a> {
    Named(&'a Ident),
    Index(usize),
}

/// How a field is sent: its kind in the schema, the call that records it, and the trait that its type must have.
pub(crate) trait Policy {
    /// The trait that the field's type must implement. It has a constant `REQUIRED`, or is `TelemetrySnapshot`.
    fn required_trait(&self) -> &'static str;

    /// The trait that the compiler is asked about, which says the same and may be shorter to report for this type.
    fn asked_trait(&self, _: &Type) -> &'static str {
        self.required_trait()
    }

    /// The position of the value on the wire.
    fn place(&self) -> Place {
        Place::Member
    }

    /// Writes the kind of value in the schema.
    fn kind(&self, field: &Field<'_>, tokens: &mut TokenStream);

    /// The function of the trait that records the value.
    fn record(&self) -> &'static str;

    /// The unit of time that the function takes.
    fn unit(&self) -> Option<Unit> {
        None
    }

    /// What the function takes between the value and the recorder.
    fn arguments(&self, _: &Field<'_>, _recorder: &Ident) -> Option<TokenStream> {
        None
    }

    /// Whether it compares the field with that of the default value of the struct.
    fn needs_default(&self) -> bool {
        false
    }

    /// The bound on a type that mentions a parameter, if it is not the trait.
    fn bound(&self) -> Option<TokenStream> {
        None
    }

    /// How the type chooses the function that records the value, if not by the trait.
    fn dispatch(&self) -> Option<Dispatch> {
        None
    }

    /// The traits that must be in scope for it.
    fn fallbacks(&self) -> &'static [&'static str] {
        self.dispatch().map(|dispatch| dispatch.fallbacks).unwrap_or_default()
    }

    /// The result of the generated function that computes a value.
    fn computed(&self, _: Span) -> Computed {
        Computed::Bounded
    }

    /// Whether the policy is about a value that a function computes.
    fn requires_with(&self) -> Option<&'static str> {
        None
    }

    /// Whether the type itself says what it sends.
    fn is_natural(&self) -> bool {
        false
    }

    /// The bits of the value, if it consists of several values.
    fn weight(&self, _: &Field<'_>) -> Option<TokenStream> {
        None
    }

    /// A check that the compiler evaluates, besides the trait.
    fn check(&self, _: &Field<'_>) -> Option<TokenStream> {
        None
    }

    /// The statement that records an absent value, for a struct that is sent as this field.
    fn record_absent(&self, _: &Field<'_>, _recorder: &Ident) -> Option<TokenStream> {
        None
    }

    /// The reason why it has nothing to send of a type, as far as the type's name tells.
    fn refuses_type(&self, _: &Type) -> Option<&'static str> {
        None
    }

    /// The reason why a function cannot compute the value.
    fn refuses_with(&self) -> Option<&'static str> {
        None
    }
}

/// A type of the library whose own functions are those of a type with the policy's trait; traits have functions of the same
/// names for all other types.
pub(crate) struct Dispatch {
    pub(crate) on: &'static str,
    pub(crate) fallbacks: &'static [&'static str],
}

/// The result of the generated function that computes a value.
pub(crate) enum Computed {
    /// A value that the policy's trait bounds.
    Bounded,
    /// A flag, made of the variable `value`.
    Flag(TokenStream),
}

/// The position of a field's value on the wire.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Place {
    /// Under the field's name.
    Member,
    /// Its own members are among those of the group.
    Flattened,
    Nowhere,
}
