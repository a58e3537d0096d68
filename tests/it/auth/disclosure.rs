use telemetry::auth;
use telemetry::testing::{assert_page, assert_schemas};

#[test]
fn the_page_for_users_changes_only_in_a_reviewed_diff() {
    assert_page(&auth::disclosure(), "../telemetry/TELEMETRY.md");
}

#[test]
fn the_schemas_of_all_releases_change_only_in_a_reviewed_diff() {
    assert_schemas(auth::disclosure().scope(), "../telemetry/schemas");
}
