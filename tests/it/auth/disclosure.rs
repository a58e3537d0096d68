use telemetry::auth;
use telemetry::testing::assert_page;

#[test]
fn the_page_for_users_changes_only_in_a_reviewed_diff() {
    assert_page(&auth::disclosure(), "../telemetry/TELEMETRY.md");
}
