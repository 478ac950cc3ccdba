//! [`Flag`]: a flag as data; [`Flags`]: what was given on a command line.

use std::collections::HashMap;

use windlass_chart::compat::Compat;

/// A flag a command takes.
#[derive(Debug)]
pub(crate) struct Flag {
    pub(crate) name: &'static str,
    pub(crate) short: Option<char>,
    pub(crate) kind: FlagKind,
    /// The value where it is not given; shown in help unless it is the kind's zero.
    pub(crate) default: &'static str,
    /// The value where it stands bare; flags that have one never take the next argument.
    pub(crate) bare: Option<&'static str>,
    /// One line of help; a word in backquotes names the value.
    pub(crate) help: &'static str,
    /// Whether its use is frowned upon; such a flag is hidden, and its use is told.
    pub(crate) deprecated: Option<Deprecation>,
    /// Which Helm's form of the flag this is, where the two have different ones.
    pub(crate) dialect: Option<Compat>,
    /// Not shown in help.
    pub(crate) hidden: bool,
}

/// Why a flag is deprecated, and by whom.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Deprecation {
    /// Both Helms deprecate it.
    ByBoth(&'static str),
    /// E8: Helm 4 does.
    ByHelm4(&'static str),
}

/// What a flag's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FlagKind {
    Bool,
    Int,
    Uint,
    Float32,
    Text,
    Duration,
    /// Each use adds a value, taken whole.
    Array,
    /// Each use adds values, separated by commas as in CSV.
    Slice,
    /// Each use adds `key=value` pairs, separated by commas as in CSV.
    Pairs,
    /// How to wait, a word; the values of a switch are still taken.
    WaitStrategy,
    /// How to print: table, json or yaml.
    Format,
    /// Yes, no, or after how long.
    FailFast,
    /// How to show progress: auto, plain, json or none.
    Progress,
    /// Each use adds a value, under the name help shows for it.
    Values(&'static str),
    /// Text that a command checks itself, under the name help shows for it.
    Named(&'static str),
}

impl FlagKind {
    /// The name of the value in help.
    pub(crate) fn placeholder(self) -> &'static str {
        match self {
            Self::Bool => "",
            Self::Int => "int",
            Self::Uint => "uint",
            Self::Float32 => "float32",
            Self::Text => "string",
            Self::Duration => "duration",
            Self::Array => "stringArray",
            Self::Slice => "strings",
            Self::Pairs => "stringToString",
            Self::WaitStrategy => "WaitStrategy",
            Self::Format => "format",
            Self::FailFast => "bool|duration",
            Self::Progress => "progress",
            Self::Values(name) | Self::Named(name) => name,
        }
    }
}

impl Flag {
    const fn new(name: &'static str, kind: FlagKind, help: &'static str) -> Self {
        Self {
            name,
            short: None,
            kind,
            default: "",
            bare: None,
            help,
            deprecated: None,
            dialect: None,
            hidden: false,
        }
    }

    pub(crate) const fn switch(name: &'static str, help: &'static str) -> Self {
        Self {
            default: "false",
            bare: Some("true"),
            ..Self::new(name, FlagKind::Bool, help)
        }
    }

    pub(crate) const fn text(name: &'static str, help: &'static str) -> Self {
        Self::new(name, FlagKind::Text, help)
    }

    pub(crate) const fn array(name: &'static str, help: &'static str) -> Self {
        Self::new(name, FlagKind::Array, help)
    }

    pub(crate) const fn slice(name: &'static str, help: &'static str) -> Self {
        Self::new(name, FlagKind::Slice, help)
    }

    pub(crate) const fn of(name: &'static str, kind: FlagKind, help: &'static str) -> Self {
        Self::new(name, kind, help)
    }

    pub(crate) const fn short(self, short: char) -> Self {
        Self {
            short: Some(short),
            ..self
        }
    }

    pub(crate) const fn default(self, default: &'static str) -> Self {
        Self { default, ..self }
    }

    pub(crate) const fn bare(self, value: &'static str) -> Self {
        Self {
            bare: Some(value),
            ..self
        }
    }

    pub(crate) const fn hide(self) -> Self {
        Self {
            hidden: true,
            ..self
        }
    }

    /// Helm 4 deprecates it.
    pub(crate) const fn deprecated(self, instead: &'static str) -> Self {
        Self {
            deprecated: Some(Deprecation::ByHelm4(instead)),
            ..self
        }
    }

    /// Both Helms deprecate it.
    pub(crate) const fn deprecated_by_both(self, instead: &'static str) -> Self {
        Self {
            deprecated: Some(Deprecation::ByBoth(instead)),
            ..self
        }
    }

    /// The flag as one of the Helms has it; the other's form has an entry of its own.
    pub(crate) const fn dialect(self, of: Compat) -> Self {
        Self {
            dialect: Some(of),
            ..self
        }
    }

    /// What to do instead, where the Helm that is spoken deprecates the flag.
    pub(crate) fn deprecation(&self, compat: Compat) -> Option<&'static str> {
        match self.deprecated? {
            Deprecation::ByBoth(instead) => Some(instead),
            Deprecation::ByHelm4(instead) => compat.deprecates_flags().then_some(instead),
        }
    }

    /// Whether help and completion leave it out.
    pub(crate) fn is_hidden(&self, compat: Compat) -> bool {
        self.hidden || self.deprecation(compat).is_some()
    }

    /// `-n, --namespace`, as messages name it.
    pub(crate) fn label(&self) -> String {
        match self.short {
            Some(short) => format!("-{short}, --{}", self.name),
            None => format!("--{}", self.name),
        }
    }
}

/// The flags of one command line, with defaults behind them.
#[derive(Debug, Default, Clone)]
pub(crate) struct Flags {
    given: HashMap<&'static str, Vec<String>>,
    defaults: HashMap<&'static str, &'static str>,
}

impl Flags {
    pub(crate) fn new(known: &[&'static Flag]) -> Self {
        let defaults = known.iter().map(|f| (f.name, f.default)).collect();
        Self {
            given: HashMap::new(),
            defaults,
        }
    }

    /// Records a value; lists grow, anything else is replaced.
    pub(crate) fn put(&mut self, flag: &'static Flag, values: Vec<String>) {
        let all = self.given.entry(flag.name).or_default();
        if !matches!(
            flag.kind,
            FlagKind::Array | FlagKind::Slice | FlagKind::Pairs | FlagKind::Values(_)
        ) {
            all.clear();
        }
        all.extend(values);
    }

    /// Whether the flag was on the command line.
    pub(crate) fn given(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// The value, or the default, or nothing for a flag the command does not have.
    pub(crate) fn text(&self, name: &str) -> &str {
        match self.given.get(name).and_then(|v| v.last()) {
            Some(value) => value,
            None => self.defaults.get(name).copied().unwrap_or_default(),
        }
    }

    /// Whether a switch is on.
    pub(crate) fn on(&self, name: &str) -> bool {
        parse_bool(self.text(name)) == Some(true)
    }

    /// All values of a list.
    pub(crate) fn all(&self, name: &str) -> &[String] {
        self.given.get(name).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Go's `strconv.ParseBool`.
pub(crate) fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}
