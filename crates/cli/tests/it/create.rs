//! `create` without a starter: our own chart, so Helm's files are no measure.

use super::room::Room;

#[test]
fn the_new_chart_renders_and_lints_under_both() {
    for helm in ["helm3", "helm4"] {
        let room = Room::new();
        let run = room.run(helm, &["create", "shop"]);
        assert_eq!(run.stdout, "Creating shop\n");
        assert_eq!((run.status, run.stderr.as_str()), (0, ""));
        let rendered = room.run(helm, &["template", "r", "shop"]);
        assert_eq!(rendered.status, 0, "{}", rendered.stderr);
        assert!(rendered.stdout.contains("name: r-shop\n"));
        let linted = room.run(helm, &["lint", "shop", "--strict"]);
        assert_eq!(linted.status, 0, "{}", linted.stdout);
        for file in room.files("shop") {
            let placeholder = room.path("shop").join(&file);
            let text = std::fs::read_to_string(placeholder).unwrap_or_default();
            assert!(!text.contains("<CHARTNAME>"), "{file}");
        }
    }
}

#[test]
fn files_that_are_there_are_overwritten_with_a_warning() {
    let room = Room::new();
    room.write("shop/Chart.yaml", "mine");
    room.write("shop/mine.txt", "mine");
    let run = room.run("helm4", &["create", "shop"]);
    assert_eq!(
        run.stdout,
        "Creating shop\nWARNING: File \"$ROOT/work/shop/Chart.yaml\" already exists. \
         Overwriting.\n"
    );
    assert!(room.read("shop/Chart.yaml").contains("name: shop\n"));
    assert_eq!(room.read("shop/mine.txt"), "mine");
    assert!(room.path("shop/charts").is_dir());
}
