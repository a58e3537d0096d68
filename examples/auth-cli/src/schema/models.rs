//! The fields that the library itself needs: <https://www.better-auth.com/docs/concepts/database#core-schema>.

use super::{Index, Kind};

/// A table under the library's own name, which the database may not use.
pub(super) struct Model {
    pub(super) name: &'static str,
    /// All columns except the id.
    pub(super) fields: &'static [Field],
}

pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) is_required: bool,
    pub(super) index: Option<Index>,
    pub(super) default: Option<bool>,
    /// Whether it refers to a user.
    pub(super) is_user: bool,
}

pub(super) const USER: Model = Model {
    name: "user",
    fields: &[
        required("name", Kind::Text),
        Field { index: Some(Index::Unique), ..required("email", Kind::Text) },
        Field { default: Some(false), ..required("emailVerified", Kind::Boolean) },
        optional("image", Kind::Text),
        required("createdAt", Kind::Date),
        required("updatedAt", Kind::Date),
    ],
};

pub(super) const SESSION: Model = Model {
    name: "session",
    fields: &[
        required("expiresAt", Kind::Date),
        Field { index: Some(Index::Unique), ..required("token", Kind::Text) },
        required("createdAt", Kind::Date),
        required("updatedAt", Kind::Date),
        optional("ipAddress", Kind::Text),
        optional("userAgent", Kind::Text),
        USER_ID,
    ],
};

pub(super) const ACCOUNT: Model = Model {
    name: "account",
    fields: &[
        required("accountId", Kind::Text),
        required("providerId", Kind::Text),
        USER_ID,
        optional("accessToken", Kind::Text),
        optional("refreshToken", Kind::Text),
        optional("idToken", Kind::Text),
        optional("accessTokenExpiresAt", Kind::Date),
        optional("refreshTokenExpiresAt", Kind::Date),
        optional("scope", Kind::Text),
        optional("password", Kind::Text),
        required("createdAt", Kind::Date),
        required("updatedAt", Kind::Date),
    ],
};

pub(super) const VERIFICATION: Model = Model {
    name: "verification",
    fields: &[
        Field { index: Some(Index::Plain), ..required("identifier", Kind::Text) },
        required("value", Kind::Text),
        required("expiresAt", Kind::Date),
        required("createdAt", Kind::Date),
        required("updatedAt", Kind::Date),
    ],
};

const USER_ID: Field = Field { index: Some(Index::Plain), is_user: true, ..required("userId", Kind::Text) };

const fn required(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, is_required: true, index: None, default: None, is_user: false }
}

const fn optional(name: &'static str, kind: Kind) -> Field {
    Field { is_required: false, ..required(name, kind) }
}
