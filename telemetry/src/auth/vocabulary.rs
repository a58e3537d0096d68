//! The words that may be sent in place of text. Every other text is sent as the last word of its table, `custom` or `other`.

use crate::schema::Words;

/// The providers with which users sign in.
pub const SOCIAL_PROVIDERS: Words = Words::new(&[
    "apple",
    "atlassian",
    "cloudflare",
    "cognito",
    "discord",
    "dropbox",
    "facebook",
    "figma",
    "github",
    "gitlab",
    "google",
    "huggingface",
    "kakao",
    "kick",
    "line",
    "linear",
    "linkedin",
    "microsoft",
    "naver",
    "notion",
    "paybin",
    "paypal",
    "polar",
    "railway",
    "reddit",
    "roblox",
    "salesforce",
    "slack",
    "spotify",
    "tiktok",
    "twitch",
    "twitter",
    "vercel",
    "vk",
    "wechat",
    "zoom",
])
.other("custom");

/// The plugins that are published with the library.
pub const PLUGINS: Words = Words::new(&[
    "admin",
    "anonymous",
    "api-key",
    "bearer",
    "captcha",
    "cimd",
    "custom-session",
    "device-authorization",
    "electron",
    "email-otp",
    "expo",
    "generic-oauth",
    "have-i-been-pwned",
    "i18n",
    "jwt",
    "last-login-method",
    "magic-link",
    "mcp",
    "multi-session",
    "next-cookies",
    "oauth-popup",
    "oauth-provider",
    "oauth-proxy",
    "oidc-provider",
    "one-tap",
    "one-time-token",
    "open-api",
    "organization",
    "passkey",
    "phone-number",
    "scim",
    "siwe",
    "sso",
    "stripe",
    "sveltekit-cookies",
    "tanstack-start-cookies",
    "two-factor",
    "username",
])
.other("custom");

/// Providers whose accounts are linked without a verified email address.
pub const TRUSTED_PROVIDERS: Words = Words::new(&[
    "email-password",
    "apple",
    "atlassian",
    "cloudflare",
    "cognito",
    "discord",
    "dropbox",
    "facebook",
    "figma",
    "github",
    "gitlab",
    "google",
    "huggingface",
    "kakao",
    "kick",
    "line",
    "linear",
    "linkedin",
    "microsoft",
    "naver",
    "notion",
    "paybin",
    "paypal",
    "polar",
    "railway",
    "reddit",
    "roblox",
    "salesforce",
    "slack",
    "spotify",
    "tiktok",
    "twitch",
    "twitter",
    "vercel",
    "vk",
    "wechat",
    "zoom",
])
.other("custom");

/// What a provider asks the user to do.
pub const PROMPTS: Words = Words::new(&["consent", "login", "none", "select_account", "select_account consent"]);

/// The databases that a configuration can name.
pub const DATABASES: Words = Words::new(&[
    "postgres",
    "postgresql",
    "mysql",
    "mariadb",
    "sqlite",
    "mssql",
    "mongodb",
    "adapter",
    "kysely",
    "unknown",
]);

/// The adapters that connect to a database.
pub const ADAPTERS: Words = Words::new(&["drizzle", "kysely", "memory", "mongodb", "prisma"]);

/// The headers in which proxies pass on the address of a client. Their names are compared without regard to case.
pub const IP_HEADERS: Words = Words::new(&[
    "cf-connecting-ip",
    "fastly-client-ip",
    "fly-client-ip",
    "forwarded",
    "true-client-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-forwarded",
    "x-forwarded-for",
    "x-real-ip",
    "x-vercel-forwarded-for",
])
.other("custom")
.ignore_case();

/// Where requests are counted.
pub const RATE_LIMIT_STORAGE: Words = Words::new(&["memory", "database", "secondary-storage"]);

/// How the copy of a session in a cookie is encoded.
pub const COOKIE_CACHE_STRATEGY: Words = Words::new(&["compact", "jwt", "jwe"]);

/// The lowest level of messages that are logged.
pub const LOGGER_LEVEL: Words = Words::new(&["debug", "info", "success", "warn", "error"]);

/// Whether cookies are sent with requests from other sites. Browsers ignore the case of these words.
pub const SAME_SITE: Words = Words::new(&["strict", "lax", "none"]).ignore_case();
