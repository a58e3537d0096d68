//! What can be told of a type by its tokens.

use proc_macro2::Ident;
use syn::{GenericArgument, PathArguments, PathSegment, Type, TypePath};

/// Wrappers that send the same as what they hold, or nothing.
const WRAPPERS: [&str; 9] = ["Box", "Rc", "Arc", "Option", "Pin", "Cow", "Cell", "OnceCell", "OnceLock"];

/// The type without the wrappers around it, as far as their names tell.
pub(crate) fn innermost(ty: &Type) -> &Type {
    match ty {
        Type::Reference(reference) => innermost(&reference.elem),
        Type::Group(group) => innermost(&group.elem),
        Type::Paren(paren) => innermost(&paren.elem),
        _ => last_segment(ty).and_then(wrapped).map_or(ty, innermost),
    }
}

/// The last segment of a type that is a path.
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(TypePath { qself: None, path, .. }) => path.segments.last(),
        _ => None,
    }
}

/// Whether the type is the one that is called so, perhaps within wrappers. This finds no more than a type whose schema would contain itself.
pub(crate) fn is_itself(ty: &Type, ident: &Ident) -> bool {
    match innermost(ty) {
        Type::Path(TypePath { qself: None, path, .. }) => {
            path.segments.len() == 1 && (path.segments[0].ident == *ident || path.segments[0].ident == "Self")
        }
        _ => false,
    }
}

/// Whether the type has the name of a number.
pub(crate) fn is_number(ty: &Type) -> bool {
    const NUMBERS: [&str; 14] =
        ["u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64"];
    match ty {
        Type::Path(TypePath { qself: None, path, .. }) => {
            path.get_ident().is_some_and(|ident| is_one_of(ident, &NUMBERS))
        }
        _ => false,
    }
}

/// The last of the types between the angle brackets of a type.
pub(crate) fn last_argument(ty: &Type) -> Option<&Type> {
    types(last_segment(ty)?).last()
}

fn types(segment: &PathSegment) -> impl DoubleEndedIterator<Item = &Type> {
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(arguments),
        _ => None,
    };
    arguments.into_iter().flat_map(|arguments| &arguments.args).filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

fn wrapped(segment: &PathSegment) -> Option<&Type> {
    // The other argument of a `Cow` is a lifetime.
    if is_one_of(&segment.ident, &WRAPPERS) { types(segment).next() } else { None }
}

/// Whether the identifier is one of these names. The compiler is asked for its text once.
pub(crate) fn is_one_of(ident: &Ident, names: &[&str]) -> bool {
    names.contains(&ident.to_string().as_str())
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;
    use syn::parse_str;

    use super::*;

    #[test]
    fn wrappers_are_taken_off() {
        for (ty, inner) in [
            ("bool", "bool"),
            ("&'static str", "str"),
            ("std::rc::Rc<(Option<Self>)>", "Self"),
            ("std::borrow::Cow<'static, Command>", "Command"),
            ("std::pin::Pin<Box<Command>>", "Command"),
            ("Vec<Box<Command>>", "Vec < Box < Command > >"),
            ("<T as Trait>::Option<u8>", "< T as Trait > :: Option < u8 >"),
        ] {
            assert_eq!(innermost(&parse_str(ty).unwrap()).to_token_stream().to_string(), inner);
        }
        let grouped = Type::Group(syn::TypeGroup {
            attrs: Vec::new(),
            group_token: syn::token::Group::default(),
            elem: Box::new(parse_str("Box<Command>").unwrap()),
        });
        assert_eq!(innermost(&grouped).to_token_stream().to_string(), "Command");
    }
}
