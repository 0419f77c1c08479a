//! What issuers' keys, tokens and ids look like: one table. A new one is one line, in the order
//! of the prefixes; `docs/privacy.md` shows the table, and a test holds the two together.
//!
//! The table itself is not in the module: [`pack`] leaves the bytes that a scan reads.

use Alphabet::{Alphanumeric, Base64, Dotted, Hex, Token, Upper, Url};

/// What a key or an id is made of after its prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// Letters and digits.
    Alphanumeric,
    /// And `_ - + . / = ~`.
    Base64,
    /// And `_ - .`.
    Dotted,
    /// Digits and `a` to `f`.
    Hex,
    /// Letters, digits, `_` and `-`.
    Token,
    /// Digits and capitals.
    Upper,
    /// What a URL goes on with.
    Url,
}

/// One line of the table.
pub(super) struct Pattern {
    pub prefix: &'static str,
    pub alphabet: Alphabet,
    /// How many characters make it one. Issuers' are longer: what was cut is one too.
    pub least: u8,
    /// Words start like it: one it is if what follows looks random.
    pub random: bool,
    /// Leads to a person and opens nothing: an id, not a secret.
    pub id: bool,
    /// Whose it is.
    #[cfg_attr(not(test), allow(dead_code, reason = "for readers and for the docs"))]
    pub issuer: &'static str,
    /// Where that is written.
    #[cfg_attr(not(test), allow(dead_code, reason = "for readers and for the docs"))]
    pub source: &'static str,
}

const fn secret(
    prefix: &'static str,
    alphabet: Alphabet,
    least: u8,
    issuer: &'static str,
    source: &'static str,
) -> Pattern {
    Pattern { prefix, alphabet, least, random: false, id: false, issuer, source }
}

/// A secret whose prefix is a word's too.
const fn worded(
    prefix: &'static str,
    alphabet: Alphabet,
    least: u8,
    issuer: &'static str,
    source: &'static str,
) -> Pattern {
    Pattern { random: true, ..secret(prefix, alphabet, least, issuer, source) }
}

/// An id whose prefix no word has.
const fn id(prefix: &'static str, issuer: &'static str) -> Pattern {
    Pattern { id: true, ..secret(prefix, Token, 6, issuer, STRIPE) }
}

/// One of Stripe's ids, of customers and of whatever names one: their cards, accounts, payments,
/// subscriptions. Products, prices and events are nobody's.
const fn stripe(prefix: &'static str, least: u8) -> Pattern {
    Pattern { id: true, ..worded(prefix, Alphanumeric, least, "Stripe, an id", STRIPE) }
}

// Sources. Those of a rule of gitleaks are in its `config/gitleaks.toml`, under the rule's name.
const ANTHROPIC: &str = "gitleaks: anthropic-api-key";
const AWS: &str = "AWS IAM User Guide: IAM identifiers, unique ids";
const BRAINTREE: &str = "Braintree: access tokens";
const BREVO: &str = "gitleaks: sendinblue-api-token";
const CLOUDFLARE: &str = "Cloudflare: API token formats";
const DIGITALOCEAN: &str = "gitleaks: digitalocean-pat";
const DISCORD: &str = "Discord: webhook resource";
const DOPPLER: &str = "Doppler: token formats";
const FACEBOOK: &str = "gitleaks: facebook-page-access-token";
const FLUTTERWAVE: &str = "gitleaks: flutterwave-secret-key";
const FLY: &str = "gitleaks: flyio-access-token";
const GITHUB: &str = "GitHub: token formats";
const GITLAB: &str = "GitLab: token prefixes";
const GOOGLE: &str = "GitHub: supported secret scanning patterns, Google";
const GRAFANA: &str = "gitleaks: grafana-service-account-token";
const HUGGING_FACE: &str = "gitleaks: huggingface-access-token";
const LANGSMITH: &str = "LangSmith: API keys";
const MAKE: &str = "Make: webhooks";
const OPENAI: &str = "gitleaks: openai-api-key";
const PADDLE: &str = "Paddle: API key format";
const PLAID: &str = "gitleaks: plaid-api-token";
const PLANETSCALE: &str = "gitleaks: planetscale-password";
const POSTHOG: &str = "PostHog: personal API keys, token prefixes";
const SCANNING: &str = "GitHub: supported secret scanning patterns";
const SENTRY: &str = "gitleaks: sentry-org-token";
const SETTLEMINT: &str = "gitleaks: settlemint-personal-access-token";
const SHOPIFY: &str = "gitleaks: shopify-access-token";
const SLACK: &str = "Slack: token types";
const SONAR: &str = "SonarQube: token types";
const SQUARE: &str = "gitleaks: square-access-token";
const STRIPE: &str = "Stripe: API reference, object ids";
const STRIPE_KEYS: &str = "Stripe: API keys";
const SUPABASE: &str = "Supabase: API keys";
const TEAMS: &str = "gitleaks: microsoft-teams-webhook";
const TWILIO: &str = "gitleaks: twilio-api-key";
const VAULT: &str = "gitleaks: vault-service-token";
const VERCEL: &str = "Vercel: token formats";

#[rustfmt::skip]
pub(super) const TABLE: &[Pattern] = &[
    worded("1//0", Token, 30, "Google, OAuth refresh token", GOOGLE),
    worded("4/0A", Token, 30, "Google, OAuth code", GOOGLE),
    secret("A21AA", Token, 50, "PayPal, access token", SCANNING),
    secret("AAAAAAAAAAAAAAAAAAAA", Base64, 40, "X, bearer token", "gitleaks: twitter-bearer-token"),
    secret("ABIA", Upper, 16, "Amazon, bearer token", AWS),
    secret("ABSK", Base64, 60, "Amazon, Bedrock key", "gitleaks: aws-amazon-bedrock-api-key-long-lived"),
    secret("AC", Hex, 32, "Twilio, account", TWILIO),
    secret("ACCA", Upper, 16, "Amazon, context key", AWS),
    secret("AGE-SECRET-KEY-1", Upper, 40, "age", "gitleaks: age-secret-key"),
    secret("AIza", Token, 26, "Google, API key", "gitleaks: gcp-api-key"),
    secret("AKCp", Alphanumeric, 50, "Artifactory", "gitleaks: artifactory-api-key"),
    secret("AKIA", Upper, 12, "Amazon, access key", AWS),
    secret("AKID", Alphanumeric, 28, "Tencent Cloud", SCANNING),
    secret("AQVN", Token, 30, "Yandex Cloud", "gitleaks: yandex-api-key"),
    secret("ASIA", Upper, 12, "Amazon, temporary key", AWS),
    secret("ATATT3", Base64, 60, "Atlassian", "gitleaks: atlassian-api-token"),
    secret("ATBB", Alphanumeric, 24, "Bitbucket", SCANNING),
    secret("CCIPAT_", Token, 30, "CircleCI", SCANNING),
    secret("CFPAT-", Token, 30, "Contentful", SCANNING),
    secret("EAA", Alphanumeric, 60, "Facebook", FACEBOOK),
    worded("EAAA", Token, 40, "Square, access token", SQUARE),
    secret("EZAK", Alphanumeric, 40, "EasyPost", "gitleaks: easypost-api-token"),
    secret("EZTK", Alphanumeric, 40, "EasyPost, test", "gitleaks: easypost-test-api-token"),
    secret("FLWSECK-", Token, 20, "Flutterwave", FLUTTERWAVE),
    secret("FLWSECK_TEST-", Token, 12, "Flutterwave, test", FLUTTERWAVE),
    secret("GOCSPX-", Token, 20, "Google, OAuth secret", GOOGLE),
    secret("HRKU-", Token, 30, "Heroku", "gitleaks: heroku-api-key-v2"),
    secret("IGQV", Token, 60, "Instagram", SCANNING),
    secret("LTAI", Alphanumeric, 12, "Alibaba Cloud", "gitleaks: alibaba-access-key-id"),
    secret("NRAK-", Alphanumeric, 20, "New Relic, user key", "gitleaks: new-relic-user-api-key"),
    secret("NRII-", Token, 20, "New Relic, insert key", "gitleaks: new-relic-insert-key"),
    secret("PMAK-", Token, 40, "Postman", "gitleaks: postman-api-token"),
    secret("SG.", Dotted, 40, "SendGrid", "gitleaks: sendgrid-api-token"),
    secret("SK", Hex, 32, "Twilio, API key", TWILIO),
    secret("access-development-", Token, 30, "Plaid", PLAID),
    secret("access-production-", Token, 30, "Plaid", PLAID),
    secret("access-sandbox-", Token, 30, "Plaid", PLAID),
    secret("access_token$production$", Url, 30, "Braintree", BRAINTREE),
    secret("access_token$sandbox$", Url, 30, "Braintree", BRAINTREE),
    stripe("acct_", 14),
    worded("api-", Token, 36, "LaunchDarkly", SCANNING),
    secret("atlasv1.", Token, 40, "Terraform Cloud", "gitleaks: hashicorp-tf-api-token"),
    stripe("ba_", 14),
    secret("bkua_", Alphanumeric, 30, "Buildkite", SCANNING),
    stripe("card_", 14),
    secret("cfat_", Token, 30, "Cloudflare, account token", CLOUDFLARE),
    secret("cfut_", Token, 30, "Cloudflare, user token", CLOUDFLARE),
    stripe("ch_", 14),
    secret("chat.googleapis.com/v1/spaces", Url, 40, "Google Chat, webhook", "Google Chat: webhooks"),
    worded("cio", Alphanumeric, 32, "crates.io", SCANNING),
    id("cs_live_", "Stripe, checkout"),
    id("cs_test_", "Stripe, checkout"),
    id("cus_", "Stripe, customer"),
    secret("cuss_secret_", Token, 6, "Stripe, customer session", STRIPE),
    secret("dG9rO", Base64, 40, "Intercom", SCANNING),
    secret("dapi", Hex, 32, "Databricks", "gitleaks: databricks-api-token"),
    secret("dckr_oat_", Token, 20, "Docker Hub, organization", SCANNING),
    secret("dckr_pat_", Token, 20, "Docker Hub", SCANNING),
    secret("discord.com/api/webhooks", Url, 30, "Discord, webhook", DISCORD),
    secret("discordapp.com/api/webhooks", Url, 30, "Discord, webhook", DISCORD),
    secret("doo_v1_", Hex, 20, "DigitalOcean, OAuth", DIGITALOCEAN),
    secret("dop_v1_", Hex, 20, "DigitalOcean", DIGITALOCEAN),
    secret("dor_v1_", Hex, 20, "DigitalOcean, refresh", DIGITALOCEAN),
    secret("dp.audit.", Dotted, 30, "Doppler, audit", DOPPLER),
    secret("dp.ct.", Dotted, 30, "Doppler, CLI", DOPPLER),
    secret("dp.pt.", Dotted, 30, "Doppler, personal", DOPPLER),
    secret("dp.sa.", Dotted, 30, "Doppler, service account", DOPPLER),
    secret("dp.scim.", Dotted, 30, "Doppler, SCIM", DOPPLER),
    secret("dp.st.", Dotted, 30, "Doppler, service", DOPPLER),
    secret("dt0c01.", Dotted, 40, "Dynatrace", "gitleaks: dynatrace-api-token"),
    stripe("du_", 14),
    secret("duffel_live_", Token, 30, "Duffel", "gitleaks: duffel-api-token"),
    secret("duffel_test_", Token, 30, "Duffel, test", "gitleaks: duffel-api-token"),
    secret("ek_live_", Token, 6, "Stripe, ephemeral key", STRIPE_KEYS),
    secret("ek_test_", Token, 6, "Stripe, ephemeral key", STRIPE_KEYS),
    secret("figd_", Token, 20, "Figma", SCANNING),
    secret("fio-u-", Token, 40, "Frame.io", "gitleaks: frameio-api-token"),
    secret("fm1a_", Base64, 60, "Fly.io", FLY),
    secret("fm1r_", Base64, 60, "Fly.io", FLY),
    secret("fm2_", Base64, 60, "Fly.io", FLY),
    secret("fo1_", Token, 30, "Fly.io, OAuth", FLY),
    worded("fw_", Alphanumeric, 20, "Fireworks", SCANNING),
    id("gcus_", "Stripe, guest"),
    secret("gho_", Token, 16, "GitHub, OAuth", GITHUB),
    secret("ghp_", Token, 16, "GitHub, personal", GITHUB),
    secret("ghr_", Token, 16, "GitHub, refresh", GITHUB),
    secret("ghs_", Token, 16, "GitHub, server", GITHUB),
    secret("ghu_", Token, 16, "GitHub, user", GITHUB),
    secret("github_pat_", Token, 6, "GitHub, fine-grained", GITHUB),
    secret("glagent-", Token, 20, "GitLab, agent", GITLAB),
    secret("glc_", Base64, 60, "Grafana Cloud", "gitleaks: grafana-cloud-api-token"),
    secret("glcbt-", Token, 16, "GitLab, job", GITLAB),
    secret("gldt-", Token, 16, "GitLab, deploy", GITLAB),
    secret("glffct-", Token, 16, "GitLab, feature flags", GITLAB),
    secret("glft-", Token, 16, "GitLab, feed", GITLAB),
    secret("glimt-", Token, 16, "GitLab, mail", GITLAB),
    secret("gloas-", Token, 16, "GitLab, OAuth", GITLAB),
    secret("glpat-", Dotted, 16, "GitLab, personal", GITLAB),
    secret("glptt-", Token, 16, "GitLab, trigger", GITLAB),
    secret("glrt-", Dotted, 16, "GitLab, runner", GITLAB),
    secret("glsa_", Token, 30, "Grafana", GRAFANA),
    secret("glsoat-", Token, 16, "GitLab, SCIM", GITLAB),
    secret("gsk_", Alphanumeric, 30, "Groq", SCANNING),
    secret("hcaik_", Alphanumeric, 30, "Honeycomb", SCANNING),
    secret("hf_", Alphanumeric, 24, "Hugging Face", HUGGING_FACE),
    secret("hook.eu1.make.com", Url, 20, "Make, webhook", MAKE),
    secret("hook.eu2.make.com", Url, 20, "Make, webhook", MAKE),
    secret("hook.us1.make.com", Url, 20, "Make, webhook", MAKE),
    secret("hook.us2.make.com", Url, 20, "Make, webhook", MAKE),
    secret("hooks.slack.com", Url, 30, "Slack, webhook", SLACK),
    secret("hooks.zapier.com/hooks/catch/", Url, 10, "Zapier, webhook", "Zapier: catch hooks"),
    secret("hvb.", Token, 60, "Vault, batch token", VAULT),
    secret("hvr.", Token, 40, "Vault, recovery token", VAULT),
    secret("hvs.", Token, 20, "Vault, service token", VAULT),
    stripe("ic_", 14),
    stripe("ich_", 14),
    stripe("in_", 14),
    worded("key-", Hex, 32, "Mailgun", "gitleaks: mailgun-private-api-token"),
    secret("lin_api_", Alphanumeric, 20, "Linear", "gitleaks: linear-api-key"),
    secret("lin_oauth_", Alphanumeric, 20, "Linear, OAuth", SCANNING),
    worded("live_", Alphanumeric, 28, "Mollie, Lob", "gitleaks: lob-api-key"),
    secret("lsv2_pt_", Token, 30, "LangSmith", LANGSMITH),
    secret("lsv2_sk_", Token, 30, "LangSmith, service", LANGSMITH),
    stripe("mandate_", 14),
    secret("napi_", Alphanumeric, 30, "Neon", SCANNING),
    secret("nfp_", Alphanumeric, 30, "Netlify", SCANNING),
    secret("npm_", Alphanumeric, 24, "npm", "gitleaks: npm-access-token"),
    secret("ntn_", Alphanumeric, 30, "Notion", "gitleaks: notion-api-token"),
    secret("nvapi-", Token, 40, "NVIDIA", SCANNING),
    secret("ops_eyJ", Base64, 100, "1Password", "gitleaks: 1password-service-account-token"),
    secret("oy2", Alphanumeric, 43, "NuGet", SCANNING),
    worded("pat", Dotted, 70, "Airtable", SCANNING),
    secret("pat-eu1-", Token, 30, "HubSpot", SCANNING),
    secret("pat-na1-", Token, 30, "HubSpot", SCANNING),
    secret("pcsk_", Token, 40, "Pinecone", SCANNING),
    secret("pdl_live_apikey_", Token, 30, "Paddle", PADDLE),
    secret("pdl_sdbx_apikey_", Token, 30, "Paddle, sandbox", PADDLE),
    secret("pha_", Token, 20, "PostHog, OAuth", POSTHOG),
    secret("phc_", Token, 6, "PostHog, project", POSTHOG),
    secret("phr_", Token, 20, "PostHog, OAuth refresh", POSTHOG),
    secret("phs_", Token, 6, "PostHog, secret", POSTHOG),
    secret("phx_", Token, 6, "PostHog, personal", POSTHOG),
    stripe("pi_", 14),
    secret("pk.eyJ", Dotted, 40, "Mapbox", "gitleaks: mapbox-api-token"),
    secret("pk_live_", Token, 6, "Stripe, publishable", STRIPE_KEYS),
    secret("pk_test_", Token, 20, "Stripe, publishable", STRIPE_KEYS),
    stripe("pm_", 14),
    secret("pnu_", Alphanumeric, 30, "Prefect", "gitleaks: prefect-api-token"),
    stripe("po_", 14),
    secret("polar_at_", Token, 20, "Polar", "Polar: access tokens"),
    secret("polar_oat_", Token, 20, "Polar, organization", "Polar: access tokens"),
    secret("pplx-", Alphanumeric, 30, "Perplexity", "gitleaks: perplexity-api-key"),
    secret("pscale_oauth_", Dotted, 30, "PlanetScale, OAuth", PLANETSCALE),
    secret("pscale_pw_", Dotted, 30, "PlanetScale, password", PLANETSCALE),
    secret("pscale_tkn_", Dotted, 30, "PlanetScale, token", PLANETSCALE),
    secret("pul-", Hex, 32, "Pulumi", "gitleaks: pulumi-api-token"),
    stripe("py_", 14),
    secret("pypi-", Token, 40, "PyPI", "gitleaks: pypi-upload-token"),
    worded("r8_", Alphanumeric, 30, "Replicate", SCANNING),
    secret("rdme_", Alphanumeric, 40, "ReadMe", "gitleaks: readme-api-token"),
    stripe("re_", 16),
    worded("re_", Token, 24, "Resend", SCANNING),
    secret("rk_live_", Token, 6, "Stripe, restricted key", STRIPE_KEYS),
    secret("rk_test_", Token, 6, "Stripe, restricted key", STRIPE_KEYS),
    secret("rnd_", Alphanumeric, 28, "Render", SCANNING),
    secret("rubygems_", Hex, 30, "RubyGems", "gitleaks: rubygems-api-token"),
    secret("rzp_live_", Alphanumeric, 14, "Razorpay", SCANNING),
    secret("rzp_test_", Alphanumeric, 14, "Razorpay, test", SCANNING),
    secret("sb_secret_", Token, 6, "Supabase, secret key", SUPABASE),
    secret("sbp_", Hex, 20, "Supabase, access token", SUPABASE),
    worded("secret-", Alphanumeric, 30, "Statsig", SCANNING),
    worded("secret_", Alphanumeric, 16, "Stripe's client secrets, Notion", STRIPE),
    stripe("seti_", 14),
    secret("sgp_", Token, 30, "Sourcegraph", "gitleaks: sourcegraph-access-token"),
    secret("shippo_live_", Hex, 30, "Shippo", "gitleaks: shippo-api-token"),
    secret("shippo_test_", Hex, 30, "Shippo, test", "gitleaks: shippo-api-token"),
    secret("shpat_", Alphanumeric, 20, "Shopify, Admin token", SHOPIFY),
    secret("shpca_", Alphanumeric, 20, "Shopify, custom app", SHOPIFY),
    secret("shppa_", Alphanumeric, 20, "Shopify, private app", SHOPIFY),
    secret("shpss_", Alphanumeric, 20, "Shopify, app secret", SHOPIFY),
    secret("signkey-prod-", Hex, 30, "Inngest", "Inngest: signing keys"),
    worded("sk-", Token, 20, "OpenAI and many like it", OPENAI),
    secret("sk-ant-", Token, 20, "Anthropic", ANTHROPIC),
    secret("sk-or-v1-", Hex, 30, "OpenRouter", SCANNING),
    secret("sk-proj-", Token, 20, "OpenAI, project", OPENAI),
    secret("sk.eyJ", Dotted, 40, "Mapbox", SCANNING),
    secret("sk_", Hex, 40, "ElevenLabs", SCANNING),
    secret("sk_live_", Token, 6, "Stripe, Clerk, WorkOS", STRIPE_KEYS),
    secret("sk_test_", Token, 6, "Stripe, Clerk, WorkOS", STRIPE_KEYS),
    secret("sm_aat_", Alphanumeric, 16, "SettleMint", SETTLEMINT),
    secret("sm_pat_", Alphanumeric, 16, "SettleMint", SETTLEMINT),
    secret("sm_sat_", Alphanumeric, 16, "SettleMint", SETTLEMINT),
    secret("sntrys_", Base64, 40, "Sentry, organization", SENTRY),
    secret("sntryu_", Hex, 40, "Sentry, user", SENTRY),
    secret("sq0atp-", Token, 20, "Square, access token", SQUARE),
    secret("sq0csp-", Token, 20, "Square, OAuth secret", SQUARE),
    secret("sqa_", Hex, 30, "SonarQube", SONAR),
    secret("sqp_", Hex, 30, "SonarQube", SONAR),
    secret("squ_", Hex, 30, "SonarQube", SONAR),
    stripe("src_", 14),
    stripe("sub_", 14),
    stripe("sub_sched_", 14),
    worded("test_", Alphanumeric, 28, "Mollie, Lob", "gitleaks: lob-api-key"),
    secret("tfp_", Dotted, 30, "Typeform", "gitleaks: typeform-api-token"),
    stripe("tok_", 14),
    secret("tr_dev_", Alphanumeric, 18, "Trigger.dev", "Trigger.dev: API keys"),
    secret("tr_prod_", Alphanumeric, 18, "Trigger.dev", "Trigger.dev: API keys"),
    secret("tvly-", Token, 20, "Tavily", SCANNING),
    secret("v1.0-", Token, 60, "Cloudflare, origin CA", "gitleaks: cloudflare-origin-ca-key"),
    secret("vcp_", Token, 24, "Vercel", VERCEL),
    secret("vercel_blob_rw_", Token, 20, "Vercel Blob", VERCEL),
    secret("webhook.office.com/webhookb2", Url, 40, "Teams, webhook", TEAMS),
    secret("whsec_", Base64, 6, "Stripe, Svix, webhook secret", STRIPE_KEYS),
    secret("xai-", Alphanumeric, 40, "xAI", SCANNING),
    secret("xapp-", Token, 10, "Slack, app", SLACK),
    secret("xkeysib-", Token, 40, "Brevo", BREVO),
    secret("xoxa-", Token, 10, "Slack, workspace", SLACK),
    secret("xoxb-", Token, 10, "Slack, bot", SLACK),
    secret("xoxc-", Token, 10, "Slack, client", SLACK),
    secret("xoxd-", Token, 10, "Slack, cookie", SLACK),
    secret("xoxe-", Token, 10, "Slack, refresh", SLACK),
    secret("xoxo-", Token, 10, "Slack, legacy", SLACK),
    secret("xoxp-", Token, 10, "Slack, user", SLACK),
    secret("xoxr-", Token, 10, "Slack, refresh", SLACK),
    secret("xoxs-", Token, 10, "Slack, legacy", SLACK),
    secret("xsmtpsib-", Token, 40, "Brevo, SMTP", BREVO),
    secret("ya29.", Dotted, 20, "Google, OAuth access token", GOOGLE),
];

/// A pattern as a scan reads it: how long the prefix is, what follows, how much of it, the prefix.
const HEADER: usize = 3;
const RANDOM: u8 = 0x10;
const ID: u8 = 0x20;

/// One pattern of the packed table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packed {
    pub prefix: &'static [u8],
    pub least: usize,
    pub alphabet: u8,
    pub random: bool,
    pub id: bool,
}

static PACKED: [u8; size()] = pack();
/// Where the patterns start in [`PACKED`] whose prefix starts with `1`, `2`, …
static STARTS: [u16; STARTERS] = starts();
const FIRST: u8 = b'1';
const STARTERS: usize = (b'z' - FIRST + 2) as usize;

/// The patterns that start with this byte.
pub(super) fn starting_with(byte: u8) -> impl Iterator<Item = Packed> {
    let at = byte.checked_sub(FIRST).map_or(STARTERS, usize::from);
    let bound = |at: usize| STARTS.get(at).copied().map_or(0, usize::from);
    let mut rest = PACKED.get(bound(at)..bound(at.saturating_add(1))).unwrap_or_default();
    std::iter::from_fn(move || {
        let [length, form, least, behind @ ..] = rest else { return None };
        let (prefix, behind) = behind.split_at_checked(usize::from(*length))?;
        rest = behind;
        Some(Packed {
            prefix,
            least: usize::from(*least),
            alphabet: form & 0xf,
            random: form & RANDOM != 0,
            id: form & ID != 0,
        })
    })
}

#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "when it is compiled")]
const fn size() -> usize {
    let (mut bytes, mut at) = (0, 0);
    while at < TABLE.len() {
        bytes += HEADER + TABLE[at].prefix.len();
        at += 1;
    }
    bytes
}

#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "when it is compiled")]
const fn pack() -> [u8; size()] {
    let mut packed = [0; size()];
    let (mut to, mut at) = (0, 0);
    while at < TABLE.len() {
        let pattern = &TABLE[at];
        let prefix = pattern.prefix.as_bytes();
        packed[to] = prefix.len() as u8;
        packed[to + 1] = pattern.alphabet as u8
            | if pattern.random { RANDOM } else { 0 }
            | if pattern.id { ID } else { 0 };
        packed[to + 2] = pattern.least;
        let mut byte = 0;
        while byte < prefix.len() {
            packed[to + HEADER + byte] = prefix[byte];
            byte += 1;
        }
        to += HEADER + prefix.len();
        at += 1;
    }
    packed
}

#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "when it is compiled")]
const fn starts() -> [u16; STARTERS] {
    let mut starts = [0; STARTERS];
    let (mut bytes, mut at, mut next) = (0, 0, 0);
    while at < TABLE.len() {
        let prefix = TABLE[at].prefix.as_bytes();
        let first = (prefix[0] - FIRST) as usize;
        assert!(first + 1 >= next && first + 1 < STARTERS, "the table is in the order of prefixes");
        while next <= first {
            starts[next] = bytes;
            next += 1;
        }
        bytes += (HEADER + prefix.len()) as u16;
        at += 1;
    }
    while next < STARTERS {
        starts[next] = bytes;
        next += 1;
    }
    starts
}
