//! The picture of an instant: whole, safe, and of what the run says.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use replication_playground::random;
use replication_playground::run::Run;
use replication_playground::still::{Theme, still};
use replication_playground::view;

fn picture(text: &str, at: u64) -> String {
    let mut run = Run::new(text).unwrap();
    run.play_to(at);
    still(&run, Theme::Auto, &view::MASTER_SLAVE)
}

/// All words of a picture, as a reader sees them.
fn words(svg: &str) -> String {
    let tree = roxmltree::Document::parse(svg).unwrap();
    let texts = tree.descendants().filter(|node| node.is_text() && !node.parent().unwrap().has_tag_name("style"));
    texts.filter_map(|node| node.text()).collect::<Vec<_>>().join(" ")
}

#[test]
fn random_runs_give_whole_pictures_with_nothing_but_shapes_and_text() {
    for seed in 0..60 {
        let text = random::run_text(seed, 60, false);
        for at in [0, 700_000, 2_000_000, 30_000_000] {
            let svg = picture(&text, at);
            let tree = roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{error}\n{svg}"));
            for node in tree.descendants().filter(roxmltree::Node::is_element) {
                let known = ["svg", "title", "style", "rect", "path", "text", "tspan", "circle", "ellipse", "g"];
                assert!(known.contains(&node.tag_name().name()), "{}", node.tag_name().name());
                for number in ["x", "y", "cx", "cy", "width", "height"] {
                    assert!(node.attribute(number).is_none_or(|it| it.parse::<f64>().is_ok_and(f64::is_finite)));
                }
            }
        }
    }
}

#[test]
fn keys_and_values_are_text_and_never_markup() {
    let text = "cluster m + s1\nat 0s write \"<b>&\\\"\" \"</text>\\u{7}\"\n";
    let svg = picture(text, 5_000_000);
    assert!(!svg.contains("<b>"));
    assert!(words(&svg).contains("<b>&\""), "{}", words(&svg));
    assert!(words(&svg).contains("</text>\u{fffd}"), "{}", words(&svg));
}

#[test]
fn it_shows_what_the_run_says_at_that_instant() {
    let text = "cluster m + s1 s2\nlink m-s2 latency 3s\nat 0s write cart 1\nat 8s write cart 2\nat 8.5s crash s1\n";
    let said = words(&picture(text, 9_000_000));
    for part in ["9.000 s", "pos 2", "1 behind", "old", "off", "3 s", "s2, slave, 1 behind: cart = 1."] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let split = "cluster m + s1 s2\nat 1s promote s1\nat 2s follow s2 s1\nat 3s cut s1-s2\n";
    let svg = picture(split, 6_000_000);
    assert_eq!(svg.matches("class=\"lid").count(), 2, "two masters: two dark lids");
    assert!(words(&svg).contains("cut") && words(&svg).contains("not connected"));
}

#[test]
fn the_theme_is_the_readers_or_the_one_that_was_asked_for() {
    let run = Run::new("cluster m + s1\n").unwrap();
    let drawn = |theme| still(&run, theme, &view::MASTER_SLAVE);
    assert!(drawn(Theme::Auto).contains("prefers-color-scheme"));
    assert!(!drawn(Theme::Light).contains("prefers-color-scheme"));
    assert_ne!(drawn(Theme::Light), drawn(Theme::Dark));
}

#[test]
fn the_largest_cluster_fits() {
    let slaves: Vec<String> = (1..=32).map(|number| format!("s{number}")).collect();
    let svg = picture(&format!("cluster m + {}\n", slaves.join(" ")), 0);
    assert!(words(&svg).contains("s32"));
}
