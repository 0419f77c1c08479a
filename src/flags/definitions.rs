//! PostHog's definitions: read once, whoever wrote them. What is wrong with one flag makes that flag
//! inconclusive, and nothing else.

use super::cohort::Group;
use super::condition::Filters;
use super::graph;
use super::named::Named;
use super::operators::Matching;
use super::problem::{Problem, ProblemCode};
use super::property::{Kind, Property};
use crate::json::{self, RawObject};

/// No longer text is read.
pub const MAX_BYTES: usize = 8_000_000;
/// Cohorts within cohorts.
const MAX_COHORT_HEIGHT: usize = 16;
/// So many problems are told.
const MAX_PROBLEMS: usize = 100;

/// All definitions of a project.
#[derive(Clone, Debug, Default)]
pub struct Definitions {
    pub(super) flags: Vec<Flag>,
    pub(super) names: Names,
    pub(super) cohorts: Vec<Cohort>,
    /// Group types by index.
    pub(super) group_types: Named<String>,
    /// The flags, each behind those that it depends on.
    pub(super) order: Vec<usize>,
    /// What each flag depends on: flags, and behind them cohorts.
    pub(super) needs: Vec<Vec<usize>>,
    /// Whether events of flags without experiments may be short.
    pub minimal_events: bool,
    /// What was wrong with them.
    pub problems: Vec<Problem>,
}

/// What is where.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Places of flags by key.
    pub flags: Named<usize>,
    /// Places of cohorts by id.
    pub cohorts: Named<usize>,
    /// How texts that look like truths are compared.
    pub matching: Matching,
}

/// One flag.
#[derive(Clone, Debug)]
pub struct Flag {
    /// Its key.
    pub key: String,
    /// The JSON of its id.
    pub id: Option<String>,
    /// Otherwise it is off for everybody.
    pub active: bool,
    /// Only PostHog knows what a person got before a login.
    pub experience_continuity: bool,
    /// Devices get a value, not persons.
    pub by_device: bool,
    /// Whether servers are to evaluate it.
    pub on_server: bool,
    /// The evaluation contexts that it is for; all, if there are none.
    pub contexts: Vec<String>,
    /// Whether an experiment runs on it.
    pub has_experiment: Option<bool>,
    /// Who gets what. `None`: it cannot be read.
    pub filters: Option<Filters>,
    /// It depends on itself.
    pub circular: bool,
}

/// One cohort.
#[derive(Clone, Debug)]
pub struct Cohort {
    /// Who is in it.
    pub group: Group,
    /// It contains itself, or cohorts within cohorts without end.
    pub circular: bool,
}

impl Definitions {
    /// Reads them from JSON text. An error is about all of it; of one flag there are
    /// [`problems`](Self::problems).
    pub fn read(text: &str) -> Result<Self, ProblemCode> {
        if text.len() > MAX_BYTES {
            return Err(ProblemCode::TooLarge);
        }
        // Of what is no JSON this says nothing that counts.
        let too_deep = json::check_depth(text, "").is_err();
        if too_deep {
            return Err(ProblemCode::TooDeep);
        }
        if !json::is_valid(text) {
            return Err(ProblemCode::NotJson);
        }
        let object = json::object(text.trim_ascii()).ok_or(ProblemCode::NotDefinitions)?;
        let mut parts = Parts::default();
        for (name, raw) in object.entries() {
            parts.take(&name, raw);
        }
        let flags = parts.flags.and_then(json::elements).ok_or(ProblemCode::NotDefinitions)?;
        let mut definitions = Self { minimal_events: parts.minimal, ..Self::default() };
        definitions.names.matching = parts.matching;
        definitions.group_types = group_types(parts.group_types);
        let raw_flags = definitions.read_names(flags, parts.cohorts);
        for (_, raw) in
            parts.cohorts.and_then(json::object).into_iter().flat_map(RawObject::entries)
        {
            let group = Group::read(raw, &definitions.names);
            definitions.cohorts.push(Cohort { group, circular: false });
        }
        for (key, object) in raw_flags {
            let flag = Flag::read(key, object, &definitions.names);
            definitions.note(&flag);
            definitions.flags.push(flag);
        }
        definitions.link();
        Ok(definitions)
    }

    /// How many flags there are.
    pub fn len(&self) -> usize {
        self.flags.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.flags.is_empty()
    }

    fn tell(&mut self, code: ProblemCode, place: String) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem { code, place });
        }
    }

    /// Gives every flag and cohort its place, before any is read.
    fn read_names<'t>(
        &mut self,
        flags: json::Elements<'t>,
        cohorts: Option<&'t str>,
    ) -> Vec<(String, RawObject<'t>)> {
        let mut found: Vec<(String, RawObject<'t>)> = Vec::new();
        for (index, raw) in flags.enumerate() {
            let object = json::object(raw);
            let key = object.and_then(|object| object.get("key")).and_then(json::unquote_string);
            let (Some(object), Some(key)) = (object, key) else {
                self.tell(ProblemCode::InvalidFlag, json::writer::index_path("flags", index));
                continue;
            };
            match self.names.flags.get(&key).copied().and_then(|place| found.get_mut(place)) {
                Some(earlier) => {
                    earlier.1 = object;
                    self.tell(ProblemCode::DuplicateKey, key);
                }
                None => {
                    self.names.flags.set(key.clone(), found.len());
                    found.push((key, object));
                }
            }
        }
        let cohorts = cohorts.and_then(json::object).into_iter().flat_map(RawObject::entries);
        for (place, (id, _)) in cohorts.enumerate() {
            self.names.cohorts.set(id.into_owned(), place);
        }
        found
    }

    /// What is wrong with a flag, as far as it can be known without asking about anybody.
    fn note(&mut self, flag: &Flag) {
        let mut see = |code| self.tell(code, flag.key.clone());
        let Some(filters) = &flag.filters else { return see(ProblemCode::InvalidFilters) };
        let (mut missing, mut unsupported) = (false, filters.unsupported);
        for property in filters.conditions.iter().flat_map(|condition| &condition.properties) {
            match &property.kind {
                Kind::Flag(dependency) => missing |= dependency.is_none(),
                Kind::Cohort { cohort, .. } => unsupported |= cohort.is_none(),
                Kind::Filter { filter, .. } => {
                    unsupported |=
                        !filter.as_ref().is_some_and(super::operators::Filter::is_supported);
                }
            }
        }
        if missing {
            see(ProblemCode::MissingDependency);
        }
        if unsupported {
            see(ProblemCode::Unsupported);
        }
    }

    /// Finds the order of evaluation, and what depends on itself.
    fn link(&mut self) {
        let count = self.flags.len();
        let mut needs = Vec::with_capacity(count.saturating_add(self.cohorts.len()));
        for flag in &self.flags {
            let mut needed = Vec::new();
            let conditions = flag.filters.iter().flat_map(|filters| &filters.conditions);
            for property in conditions.flat_map(|condition| &condition.properties) {
                push_needs(&mut needed, property, count);
            }
            needs.push(needed);
        }
        for cohort in &self.cohorts {
            let mut needed = Vec::new();
            cohort.group.each_filter(&mut |property| push_needs(&mut needed, property, count));
            needs.push(needed);
        }
        let found = graph::order(&needs);
        let circular = |place: usize| found.circular.get(place).copied().unwrap_or(false);
        let mut heights = vec![0_usize; needs.len()];
        for place in &found.order {
            let Some(cohort) = place.checked_sub(count) else { continue };
            let below = needs.get(*place).into_iter().flatten().filter(|needed| **needed >= count);
            let below = below.filter_map(|needed| heights.get(*needed)).max().copied();
            let height = below.map_or(0, |below| below.saturating_add(1));
            if let Some(place) = heights.get_mut(*place) {
                *place = height;
            }
            if let Some(cohort) = self.cohorts.get_mut(cohort) {
                cohort.circular = circular(*place) || height > MAX_COHORT_HEIGHT;
            }
        }
        let mut told = Vec::new();
        for (place, flag) in self.flags.iter_mut().enumerate() {
            flag.circular = circular(place);
            if flag.circular {
                told.push(flag.key.clone());
            }
        }
        for key in told {
            self.tell(ProblemCode::Circular, key);
        }
        let cohorts =
            self.names.cohorts.iter().filter(|(_, place)| {
                self.cohorts.get(*place).is_some_and(|cohort| cohort.circular)
            });
        let told: Vec<String> = cohorts.map(|(id, _)| ["cohorts.", id].concat()).collect();
        for place in told {
            self.tell(ProblemCode::Circular, place);
        }
        self.order = found.order;
        self.order.retain(|place| *place < count);
        self.needs = needs;
    }
}

/// What a filter needs: cohorts stand behind all flags.
fn push_needs(needed: &mut Vec<usize>, property: &Property, flags: usize) {
    match &property.kind {
        Kind::Filter { .. } => {}
        Kind::Cohort { cohort, .. } => {
            needed.extend(cohort.map(|place| place.saturating_add(flags)));
        }
        Kind::Flag(dependency) => {
            needed.extend(dependency.iter().flat_map(|dependency| &dependency.chain));
        }
    }
}

/// The parts of the text, under either of their names.
#[derive(Default)]
struct Parts<'t> {
    flags: Option<&'t str>,
    cohorts: Option<&'t str>,
    group_types: Option<&'t str>,
    matching: Matching,
    minimal: bool,
}

impl<'t> Parts<'t> {
    fn take(&mut self, name: &str, raw: &'t str) {
        match name {
            "flags" => self.flags = Some(raw),
            "cohorts" => self.cohorts = Some(raw),
            "group_type_mapping" => self.group_types = Some(raw),
            "groupTypeMapping" => self.group_types = self.group_types.or(Some(raw)),
            "minimal_flag_called_events" | "minimalFlagCalledEvents" => {
                self.minimal = raw == "true"
            }
            "property_matching_version" | "propertyMatchingVersion" if raw == "2" => {
                self.matching = Matching::Texts;
            }
            _ => {}
        }
    }
}

fn group_types(raw: Option<&str>) -> Named<String> {
    let mut types = Named::default();
    for (index, raw) in raw.and_then(json::object).into_iter().flat_map(RawObject::entries) {
        if let Some(name) = json::unquote_string(raw).filter(|name| !name.is_empty()) {
            types.set(index.into_owned(), name);
        }
    }
    types
}

/// A flag's own yes or no, which may be missing or null. `None`: it is something else.
pub(super) fn truth(raw: &str) -> Option<bool> {
    match raw {
        "true" => Some(true),
        "false" | "null" => Some(false),
        _ => None,
    }
}

impl Flag {
    fn read(key: String, object: RawObject<'_>, names: &Names) -> Self {
        let mut flag = Self {
            key,
            id: None,
            active: false,
            experience_continuity: false,
            by_device: false,
            on_server: true,
            contexts: Vec::new(),
            has_experiment: None,
            filters: Some(Filters::default()),
            circular: false,
        };
        let mut tags = Vec::new();
        let mut malformed = false;
        let mut is_true = |raw: &str| {
            let truth = truth(raw);
            malformed |= truth.is_none();
            truth.unwrap_or_default()
        };
        for (name, raw) in object.entries() {
            match &*name {
                "id" if raw != "null" => flag.id = Some(raw.to_owned()),
                "active" => flag.active = is_true(raw),
                "ensure_experience_continuity" => flag.experience_continuity = is_true(raw),
                "bucketing_identifier" => flag.by_device = raw == r#""device_id""#,
                "evaluation_runtime" => flag.on_server = raw != r#""client""#,
                "evaluation_contexts" => {
                    flag.contexts = json::unquote_strings(raw).unwrap_or_default()
                }
                "evaluation_tags" => tags = json::unquote_strings(raw).unwrap_or_default(),
                "has_experiment" => {
                    flag.has_experiment = match raw {
                        "true" => Some(true),
                        "false" => Some(false),
                        _ => None,
                    }
                }
                "filters" => flag.filters = Filters::read(raw, names),
                _ => {}
            }
        }
        if object.get("evaluation_contexts").is_none_or(|raw| raw == "null") {
            flag.contexts = tags;
        }
        if malformed {
            // Neither on nor off: inconclusive, as with any other part of the wrong type.
            (flag.active, flag.filters) = (true, None);
        }
        flag
    }

    /// Whether it is for one of these contexts, which are sorted.
    pub fn is_for(&self, contexts: &[String]) -> bool {
        contexts.is_empty()
            || self.contexts.is_empty()
            || self.contexts.iter().any(|context| contexts.binary_search(context).is_ok())
    }
}
