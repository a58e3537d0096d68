//! `onAPIError`.

use serde::Deserialize;

use super::callback::TextCallback;
use telemetry_derive::TelemetrySnapshot;

/// What happens when a request fails.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate, rename_all = "camelCase")]
pub struct OnApiError {
    /// Whether errors lead to a page of the application; never its address.
    #[serde(rename = "errorURL")]
    #[telemetry(presence, rename = "errorURL")]
    pub error_url: Option<String>,
    /// Runs when a request fails.
    #[serde(skip)]
    #[telemetry(presence)]
    pub on_error: Option<TextCallback<()>>,
    /// Whether errors are handed to the application.
    pub throw: Option<bool>,
    /// How the page for errors looks.
    #[telemetry(skip = "texts of the application's design")]
    pub customize_default_error_page: ErrorPage,
}

/// How the page for errors looks.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ErrorPage {
    /// Its colours.
    pub colors: ErrorPageColors,
    /// Its measures.
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

/// The colours of the page for errors, as in CSS.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ErrorPageColors {
    /// Behind everything.
    pub background: Option<String>,
    /// Text.
    pub foreground: Option<String>,
    /// What stands out.
    pub primary: Option<String>,
    /// Text on what stands out.
    pub primary_foreground: Option<String>,
    /// Text that stands back.
    pub muted_foreground: Option<String>,
    /// Borders.
    pub border: Option<String>,
    /// What warns.
    pub destructive: Option<String>,
    /// The border of the title.
    pub title_border: Option<String>,
    /// The title.
    pub title_color: Option<String>,
    /// The grid in the background.
    pub grid_color: Option<String>,
    /// Behind the card.
    pub card_background: Option<String>,
    /// The borders of the corners.
    pub corner_border: Option<String>,
}

/// The measures of the page for errors, as in CSS.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ErrorPageSize {
    /// A small radius.
    pub radius_sm: Option<String>,
    /// A middle radius.
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

/// The fonts of the page for errors.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ErrorPageFont {
    /// The font of most text.
    pub default_family: Option<String>,
    /// The font of code.
    pub mono_family: Option<String>,
}
