//! `onAPIError`.

use serde::Deserialize;

use super::callback::TextCallback;
use telemetry_derive::TelemetrySnapshot;

/// What happens when a request fails.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate)]
pub struct OnApiError {
    /// Whether errors redirect to a page of the application; never its address.
    #[serde(rename = "errorURL")]
    #[telemetry(presence, rename = "errorURL")]
    pub error_url: Option<String>,
    /// Runs when a request fails.
    #[serde(skip)]
    #[telemetry(presence)]
    pub on_error: Option<TextCallback<()>>,
    /// Whether errors are returned to the application.
    pub throw: Option<bool>,
    /// The design of the error page.
    #[telemetry(skip = "texts of the application's design")]
    pub customize_default_error_page: ErrorPage,
}

/// The design of the error page.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ErrorPage {
    /// Its colours.
    pub colors: ErrorPageColors,
    /// Its sizes.
    pub size: ErrorPageSize,
    /// Its fonts.
    pub font: ErrorPageFont,
    /// Whether the title has no border.
    pub disable_title_border: Option<bool>,
    /// Whether the corners are not decorated.
    pub disable_corner_decorations: Option<bool>,
    /// Whether the background has no grid.
    pub disable_background_grid: Option<bool>,
}

/// The colours of the error page, as in CSS.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ErrorPageColors {
    /// The background of the page.
    pub background: Option<String>,
    /// Text.
    pub foreground: Option<String>,
    /// Highlighted elements.
    pub primary: Option<String>,
    /// Text on highlighted elements.
    pub primary_foreground: Option<String>,
    /// Secondary text.
    pub muted_foreground: Option<String>,
    /// Borders.
    pub border: Option<String>,
    /// Warnings.
    pub destructive: Option<String>,
    /// The border of the title.
    pub title_border: Option<String>,
    /// The title.
    pub title_color: Option<String>,
    /// The grid in the background.
    pub grid_color: Option<String>,
    /// The background of the card.
    pub card_background: Option<String>,
    /// The borders of the corners.
    pub corner_border: Option<String>,
}

/// The sizes of the error page, as in CSS.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ErrorPageSize {
    /// A small radius.
    pub radius_sm: Option<String>,
    /// A medium radius.
    pub radius_md: Option<String>,
    /// A large radius.
    pub radius_lg: Option<String>,
    /// Small text.
    pub text_sm: Option<String>,
    /// Large text.
    #[serde(rename = "text2xl")]
    pub text_2xl: Option<String>,
    /// Larger text.
    #[serde(rename = "text4xl")]
    pub text_4xl: Option<String>,
    /// The largest text.
    #[serde(rename = "text6xl")]
    pub text_6xl: Option<String>,
}

/// The fonts of the error page.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ErrorPageFont {
    /// The font of most text.
    pub default_family: Option<String>,
    /// The font of code.
    pub mono_family: Option<String>,
}
