#![allow(clippy::unwrap_used)]
use super::*;

static LEAF: Command = Command {
    name: "leaf",
    arguments: "[NAME]",
    count: Count::AtLeast(1),
    flags: &[&[
        Flag::switch("yes", "").short('y'),
        Flag::array("set", "").short('s'),
        Flag::slice("values", "").short('f'),
        Flag::of("wait", FlagKind::Named("how"), "").bare("watcher"),
    ]],
    exclusive: &[["yes", "wait"]],
    run: Some(|_, _| Ok(())),
    ..Command::DEFAULT
};
static ROOT: Command = Command {
    flags: &[&[Flag::text("namespace", "").short('n')]],
    commands: &[&LEAF],
    ..Command::DEFAULT
};

fn run(args: &[&str]) -> Result<Invocation, UsageError> {
    parse(
        &ROOT,
        "helm",
        &args.iter().map(|&a| a.to_owned()).collect::<Vec<_>>(),
        Compat::Helm4,
        &mut Vec::new(),
    )
}

fn error(args: &[&str]) -> String {
    run(args).unwrap_err().to_string()
}

#[test]
fn flags_stand_anywhere_and_lists_grow() {
    let args = "-n ns leaf a -ys x=1,2 --values=f,g -fh b";
    let got = run(&args.split(' ').collect::<Vec<_>>()).unwrap();
    assert_eq!(got.args, ["a", "b"]);
    assert_eq!(got.flags.text("namespace"), "ns");
    assert_eq!(got.flags.all("set"), ["x=1,2"]);
    assert_eq!(got.flags.all("values"), ["f", "g", "h"]);
    assert!(got.flags.on("yes"));
    let bare = run(&["leaf", "--wait", "a"]).unwrap();
    assert_eq!((bare.flags.text("wait"), bare.args.len()), ("watcher", 1));
}

#[test]
fn errors_are_worded_as_cobra_words_them() {
    assert_eq!(error(&["leaf", "--foo"]), "unknown flag: --foo");
    assert_eq!(error(&["leaf", "-z"]), "unknown shorthand flag: 'z' in -z");
    assert_eq!(
        error(&["leaf", "a", "--set"]),
        "flag needs an argument: --set"
    );
    assert_eq!(
        error(&["leaf", "a", "-s"]),
        "flag needs an argument: 's' in -s"
    );
    assert_eq!(
        error(&["leaf", "--yes=maybe"]),
        "invalid argument \"maybe\" for \"-y, --yes\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax"
    );
    assert_eq!(
        error(&["leaf"]),
        "\"helm leaf\" requires at least 1 argument\n\nUsage:  helm leaf [NAME] [flags]"
    );
    assert_eq!(
        error(&["leav"]),
        "unknown command \"leav\" for \"helm\"\n\nDid you mean this?\n\tleaf\n\nRun 'helm --help' for usage."
    );
    assert_eq!(
        error(&["foo"]),
        "unknown command \"foo\" for \"helm\"\nRun 'helm --help' for usage."
    );
    assert_eq!(
        error(&["leaf", "a", "--yes", "--wait"]),
        "if any flags in the group [yes wait] are set none of the others can be; [wait yes] were all set"
    );
}

#[test]
fn csv_fields_may_be_quoted() {
    assert_eq!(csv("a,\"b,c\",d").unwrap(), ["a", "b,c", "d"]);
    assert_eq!(csv("").unwrap(), Vec::<String>::new());
    assert!(csv("a\"b").is_err());
}
