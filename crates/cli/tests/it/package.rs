//! `package` beyond its messages, which are among the goldens.

use super::room::{Room, windlass};

#[test]
fn the_same_files_make_the_same_archive() {
    let pack = || {
        let room = Room::new();
        room.chart("a");
        room.write("a/templates/x.yaml", "kind: X\n");
        let run = room.tell(
            &room
                .program(windlass(), "windlass")
                .variable("SOURCE_DATE_EPOCH", "1700000000"),
            &["package", "a"],
        );
        assert_eq!(
            run.stdout,
            "Successfully packaged chart and saved it to: $ROOT/work/a-0.1.0.tgz\n"
        );
        std::fs::read(room.path("a-0.1.0.tgz")).unwrap()
    };
    assert!(pack() == pack());
}
