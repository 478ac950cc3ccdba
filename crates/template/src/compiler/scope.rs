//! Variables in scope and the slots they live in.

use rustc_hash::FxHashMap;

/// A variable in scope.
#[derive(Debug, Clone, Copy)]
struct Variable<'s> {
    name: &'s [u8],
    slot: u32,
    /// Whether its declaration may have been jumped over.
    conditional: bool,
}

/// A point in a scope to go back to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark(usize);

/// What a name means.
pub(super) enum Meaning {
    /// No such variable.
    Undefined,
    /// This one.
    Slot(u32),
    /// The first of these that has been declared.
    FirstSet(Vec<u32>),
}

/// The stack of variables.
pub(super) struct Scope<'s> {
    variables: Vec<Variable<'s>>,
    /// For each name, where it is on the stack, innermost last.
    by_name: FxHashMap<&'s [u8], Vec<u32>>,
    most: u32,
}

impl<'s> Scope<'s> {
    /// A template's scope, in which slot 0 is `$`, the data it is run over.
    pub(super) fn new() -> Self {
        let mut new = Self {
            variables: Vec::new(),
            by_name: FxHashMap::default(),
            most: 0,
        };
        new.declare(b"$", false);
        new
    }

    /// How many variables were alive at once at most.
    pub(super) fn most(&self) -> u32 {
        self.most
    }

    pub(super) fn mark(&self) -> Mark {
        Mark(self.variables.len())
    }

    pub(super) fn pop(&mut self, mark: Mark) {
        for variable in self.variables.drain(mark.0..) {
            if let Some(positions) = self.by_name.get_mut(variable.name) {
                positions.pop();
            }
        }
    }

    /// The slots that the next so many declarations will get, now there whether all of them are
    /// compiled or not.
    pub(super) fn reserve(&mut self, count: u32) -> std::ops::Range<u32> {
        let first = self.next_slot();
        self.most = self.most.max(first + count);
        first..first + count
    }

    fn next_slot(&self) -> u32 {
        super::index(self.variables.len())
    }

    pub(super) fn declare(&mut self, name: &'s [u8], conditional: bool) -> u32 {
        let slot = self.next_slot();
        self.variables.push(Variable {
            name,
            slot,
            conditional,
        });
        self.by_name.entry(name).or_default().push(slot);
        self.most = self.most.max(slot + 1);
        slot
    }

    /// The slots a name may mean, innermost first, ending with one that is surely declared.
    pub(super) fn slots(&self, name: &[u8]) -> Vec<u32> {
        let mut slots = Vec::new();
        for slot in self.by_name.get(name).into_iter().flatten().rev() {
            slots.push(*slot);
            if !self.variables[*slot as usize].conditional {
                break;
            }
        }
        slots
    }

    pub(super) fn resolve(&self, name: &[u8]) -> Meaning {
        let Some(innermost) = self.by_name.get(name).and_then(|slots| slots.last()) else {
            return Meaning::Undefined;
        };
        let variable = self.variables[*innermost as usize];
        if variable.conditional {
            Meaning::FirstSet(self.slots(name))
        } else {
            Meaning::Slot(variable.slot)
        }
    }
}
