//! Takes functions out of the tree and sets real ones in the options.

use std::sync::Arc;

use serde_json::Value;
use telemetry::auth::{
    AuthOptions, Callback, DefaultValue, FieldAttribute, GenerateId, IndexMap, ModelHooks, SocialProvider, Storage,
    TextCallback, TrustedOrigins, TrustedProviders,
};

use super::DecodeError;

type Put<T> = fn(&mut T);
type PutOnce = Box<dyn FnOnce(&mut AuthOptions)>;

/// The functions that were taken out.
#[derive(Default)]
pub(super) struct Functions(Vec<PutOnce>);

impl Functions {
    /// Sets functions in the options that had them.
    pub(super) fn put(self, options: &mut AuthOptions) {
        for put in self.0 {
            put(options);
        }
    }
}

/// Takes out every function that is an option. Others belong to the options of a plugin or to a value, and stay.
pub(super) fn take(tree: &mut Value) -> Result<Functions, DecodeError> {
    let mut found = Functions::default();
    for (path, put) in IN_OPTIONS {
        if take_at(tree, path, path)? {
            found.0.push(Box::new(put));
        }
    }
    for (path, put) in OR_VALUE {
        if at(tree, path).is_some_and(is_function) {
            take_at(tree, path, path)?;
            found.0.push(Box::new(put));
        }
    }
    for (id, provider) in members(tree, "socialProviders") {
        for (path, put) in IN_PROVIDER {
            if take_at(provider, path, &format!("socialProviders.*.{path}"))? {
                let id = id.clone();
                found.0.push(Box::new(move |options| options.social_providers.get_mut(&id).into_iter().for_each(put)));
            }
        }
    }
    for (table, hooks) in HOOKED {
        for (path, put) in IN_HOOKS {
            let path = format!("databaseHooks.{table}.{path}");
            if take_at(tree, &path, &path)? {
                found.0.push(Box::new(move |options| put(hooks(options))));
            }
        }
    }
    for (table, fields) in EXTENDED {
        for (name, field) in members(tree, &format!("{table}.additionalFields")) {
            for (path, put) in IN_FIELD {
                if at(field, path).is_some_and(is_function) {
                    take_at(field, path, path)?;
                    let name = name.clone();
                    found.0.push(Box::new(move |options| {
                        let field = fields(options).as_mut().and_then(|fields| fields.get_mut(&name));
                        field.into_iter().for_each(put);
                    }));
                }
            }
        }
    }
    Ok(found)
}

/// Removes the function at the path, and returns whether there was one.
fn take_at(tree: &mut Value, path: &str, told: &str) -> Result<bool, DecodeError> {
    match at(tree, path).map(Value::take) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Object(_)) => Ok(true),
        Some(_) => Err(DecodeError::at(&format!("options.{told}"))),
    }
}

fn at<'a>(tree: &'a mut Value, path: &str) -> Option<&'a mut Value> {
    path.split('.').try_fold(tree, |tree, name| tree.get_mut(name))
}

fn members<'a>(tree: &'a mut Value, path: &str) -> impl Iterator<Item = (&'a String, &'a mut Value)> {
    at(tree, path).and_then(Value::as_object_mut).into_iter().flatten()
}

fn is_function(value: &mut Value) -> bool {
    value.get("$fn").is_some()
}

fn callback<A: ?Sized + 'static, R: Default + 'static>() -> Option<Callback<A, R>> {
    Some(Arc::new(|_| R::default()))
}

fn text_callback<R: Default + 'static>() -> Option<TextCallback<R>> {
    Some(Arc::new(|_| R::default()))
}

/// A storage that stores nothing.
struct Nowhere;

impl Storage for Nowhere {
    fn get(&self, _: &str) -> Option<String> {
        None
    }

    fn set(&self, _: &str, _: &str, _: Option<std::time::Duration>) {}

    fn delete(&self, _: &str) {}
}

const IN_OPTIONS: [(&str, Put<AuthOptions>); 22] = [
    ("emailVerification.sendVerificationEmail", |o| o.email_verification.send_verification_email = callback()),
    ("emailVerification.beforeEmailVerification", |o| o.email_verification.before_email_verification = callback()),
    ("emailVerification.afterEmailVerification", |o| o.email_verification.after_email_verification = callback()),
    ("emailAndPassword.sendResetPassword", |o| o.email_and_password.send_reset_password = callback()),
    ("emailAndPassword.onPasswordReset", |o| o.email_and_password.on_password_reset = callback()),
    ("emailAndPassword.onExistingUserSignUp", |o| o.email_and_password.on_existing_user_sign_up = callback()),
    ("emailAndPassword.customSyntheticUser", |o| o.email_and_password.custom_synthetic_user = callback()),
    ("emailAndPassword.password.hash", |o| o.email_and_password.password.hash = text_callback()),
    ("emailAndPassword.password.verify", |o| o.email_and_password.password.verify = callback()),
    ("user.changeEmail.sendChangeEmailConfirmation", |o| {
        o.user.change_email.send_change_email_confirmation = callback();
    }),
    ("user.deleteUser.sendDeleteAccountVerification", |o| {
        o.user.delete_user.send_delete_account_verification = callback();
    }),
    ("user.deleteUser.beforeDelete", |o| o.user.delete_user.before_delete = callback()),
    ("user.deleteUser.afterDelete", |o| o.user.delete_user.after_delete = callback()),
    ("user.validateUserInfo", |o| o.user.validate_user_info = callback()),
    ("hooks.after", |o| o.hooks.after = callback()),
    ("hooks.before", |o| o.hooks.before = callback()),
    ("secondaryStorage", |o| o.secondary_storage = Some(Arc::new(Nowhere))),
    ("advanced.backgroundTasks.handler", |o| o.advanced.background_tasks.handler = callback()),
    ("rateLimit.customStorage", |o| o.rate_limit.custom_storage = Some(Arc::new(Nowhere))),
    ("onAPIError.onError", |o| o.on_api_error.on_error = text_callback()),
    ("logger.log", |o| o.logger.log = text_callback()),
    ("database.dialect", |o| o.database.dialect = Some(Arc::new(()))),
];

/// Options that can be a function or a value.
const OR_VALUE: [(&str, Put<AuthOptions>); 4] = [
    ("database", |o| o.database.adapter = Some(Arc::new(()))),
    ("trustedOrigins", |o| o.trusted_origins = callback().map(TrustedOrigins::Dynamic)),
    ("account.accountLinking.trustedProviders", |o| {
        o.account.account_linking.trusted_providers = callback().map(TrustedProviders::Dynamic);
    }),
    ("advanced.database.generateId", |o| o.advanced.database.generate_id = text_callback().map(GenerateId::Custom)),
];

const IN_PROVIDER: [(&str, Put<SocialProvider>); 4] = [
    ("mapProfileToUser", |p| p.map_profile_to_user = callback()),
    ("getUserInfo", |p| p.get_user_info = callback()),
    ("verifyIdToken", |p| p.verify_id_token = text_callback()),
    ("refreshAccessToken", |p| p.refresh_access_token = text_callback()),
];

type Hooked = fn(&mut AuthOptions) -> &mut ModelHooks;

const HOOKED: [(&str, Hooked); 4] = [
    ("user", |o| &mut o.database_hooks.user),
    ("session", |o| &mut o.database_hooks.session),
    ("account", |o| &mut o.database_hooks.account),
    ("verification", |o| &mut o.database_hooks.verification),
];

const IN_HOOKS: [(&str, Put<ModelHooks>); 6] = [
    ("create.before", |h| h.create.before = callback()),
    ("create.after", |h| h.create.after = callback()),
    ("update.before", |h| h.update.before = callback()),
    ("update.after", |h| h.update.after = callback()),
    ("delete.before", |h| h.delete.before = callback()),
    ("delete.after", |h| h.delete.after = callback()),
];

type Extended = fn(&mut AuthOptions) -> &mut Option<IndexMap<String, FieldAttribute>>;

const EXTENDED: [(&str, Extended); 4] = [
    ("user", |o| &mut o.user.additional_fields),
    ("session", |o| &mut o.session.additional_fields),
    ("account", |o| &mut o.account.additional_fields),
    ("verification", |o| &mut o.verification.additional_fields),
];

const IN_FIELD: [(&str, Put<FieldAttribute>); 6] = [
    ("defaultValue", |f| f.default_value = callback().map(DefaultValue::Computed)),
    ("onUpdate", |f| f.on_update = callback()),
    ("transform.input", |f| f.transform.input = callback()),
    ("transform.output", |f| f.transform.output = callback()),
    ("validator.input", |f| f.validator.input = callback()),
    ("validator.output", |f| f.validator.output = callback()),
];
