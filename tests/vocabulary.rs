//! What a master and a slave are called: everything that the core says, in each vocabulary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that fails should say so at once")]

use std::fmt::Debug;

use replication_playground::lesson::{Lecture, Lesson};
use replication_playground::limits::EVENTS_PER_SEEK_MAX;
use replication_playground::run::Run;
use replication_playground::scenario::Engine;
use replication_playground::session::Session;
use replication_playground::view::{self, MASTER_SLAVE, Vocabulary, Words};

/// Old reads, writes at a slave in each way, a crash, two masters, lost writes, observers, waits, full queues.
const TEXTS: [&str; 4] = [
    "cluster m + s1 s2 s3\nclients A B\nlink m-s1 latency 800ms\nlink m-s2 latency 300ms\nat 0ms A write cart 1\n\
     at 100ms A read cart @s1\nat 200ms B write cart 2 @s2\nat 300ms slave-writes refused\nat 310ms B write cart 3 @s2\n\
     at 400ms slave-writes forwarded\nat 410ms B write cart 4 @s2\nat 1s slave-writes accepted\nat 1.1s B write cart 5 @s3\n\
     at 2s A wait 2 1s\nat 2.1s A wait 2 1s @s1\nat 3s A write cart 6\nat 3010ms crash m\nat 4s promote s2\n\
     at 4.1s A read cart @s3\nat 5s start m\nat 5.1s promote s2\nat 6s add s4\nat 7s follow s1 s3\nat 8s rewind s3\n\
     at 9.1s trim-log s2\nat 10s remove s2\nat 12s end",
    "cluster m + s1 s2\nclients A B\nreplication sync all applied\ntoo-few degrade 500ms\ngate 1 1s\nat 0ms A write a 1\n\
     at 1s crash s1\nat 1.1s A write a 2\nat 2s B write a 3\nat 3s too-few error 500ms\nat 4s start s1\nat 6s crash s1\n\
     at 6.1s A write a 4\nat 9s crash s2\nat 12s B write a 5\nat 14s end",
    "cluster m + s1 s2\nclients A B\nfailover quorum 3 2 500ms\nat 0ms A write a 1\nat 1s partition m\nat 1.1s A write a 2 @m\n\
     at 4s B write a 3\nat 6s heal all\nat 8s A read a @m\nat 9s end",
    "cluster m + s1 s2\nclients A\nfailover election 500ms\nlink m-s1 latency 200ms\nat 500ms A write a 1\nat 600ms hold m-s1\n\
     at 700ms A write a 2\nat 900ms A read a @s1\nat 1s freeze m\nat 6s A write a 3\nat 7s thaw m\nat 9s end",
];

/// All that the view gives of a text while it is played and in the end, as one text; and the hash.
fn told(text: &str, vocabulary: Vocabulary) -> (String, u64) {
    let mut session = Session::new(text).unwrap();
    let mut all = Vec::new();
    let mut marks = view::Marks::default();
    let end = 15_000_000;
    let mut at = 0;
    while at <= end {
        assert!(session.timeline().seek(at, EVENTS_PER_SEEK_MAX));
        let run = session.run();
        let words = vocabulary.words(run.cluster().rules().engine);
        let mut columns = Vec::new();
        view::packets(run, &mut columns);
        for packet in columns.chunks(view::model::PACKET_STRIDE) {
            add(&mut all, &view::packet(run, packet[0] as u32, words));
        }
        let mut state = view::state(run, words);
        // Settings are in the words of the text.
        state.settings.values.clear();
        state.settings.differs.clear();
        add(&mut all, &state);
        add(&mut all, &view::report(run, words));
        for operation in (1..=run.cluster().history().operations().len() as u32).filter(|_| at % 5_000_000 == 0) {
            add(&mut all, &view::why(run, operation, words, |at| session.copy_at(at)));
        }
        marks.gather(run, words, 1);
        at += 500_000;
    }
    let run = session.run();
    let words = vocabulary.words(run.cluster().rules().engine);
    add(&mut all, &view::story(run, 0, words));
    add(&mut all, &marks.list());
    add(&mut all, &view::spacetime(session.copy_at(0).unwrap(), end, words));
    add(&mut all, &view::differences(run, &session.copy_at(500_000).unwrap(), words));
    (all.join("\n"), run.hash())
}

/// Every text in it, but for the words by which the page knows things.
fn add(all: &mut Vec<String>, seen: &impl Debug) {
    let shown = format!("{seen:?}");
    let mut rest = shown.as_str();
    while let Some((before, text)) = rest.split_once('"') {
        let quoted = text.replace("\\\\", "..").replace("\\\"", "..");
        let (text, behind) = text.split_at(quoted.find('"').unwrap());
        if !["role: ", "id: ", "policy: "].iter().any(|name| before.ends_with(name)) {
            all.push(text.to_owned());
        }
        rest = &behind[1..];
    }
}

fn has(text: &str, word: &str) -> bool {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
        .any(|other| other.eq_ignore_ascii_case(word))
}

fn roles(text: &str) -> Vec<&'static str> {
    ["master", "masters", "slave", "slaves"].into_iter().filter(|word| has(text, word)).collect()
}

#[test]
fn what_the_core_says_has_the_words_of_the_vocabulary_and_no_other() {
    let mut seen = String::new();
    for text in TEXTS {
        let (plain, hash) = told(text, Vocabulary::Master);
        let (other, same) = told(text, Vocabulary::Primary);
        let left: Vec<&str> = other.lines().filter(|line| !roles(line).is_empty()).collect();
        assert!(left.is_empty(), "{left:#?}");
        assert_eq!(hash, same);
        assert_eq!(plain.lines().count(), other.lines().count());
        seen.push_str(&plain);
        let (own, _) = told(text, Vocabulary::Engine);
        assert!(own == plain, "without an engine these are the playground’s own words");
    }
    assert_eq!(roles(&seen), ["master", "masters", "slave", "slaves"]);
    for said in [
        "master–slave architecture",
        "the master’s log",
        "Slaves hold only what the master logged",
        "a slave",
        "The master",
    ] {
        assert!(seen.contains(said), "{said}");
    }
}

#[test]
fn keys_values_and_names_are_left_alone() {
    let text = "cluster master + slave s2\nclients Master\nlink master-slave latency 800ms\nat 0ms Master write slave master\n\
                at 100ms Master delete slaves\nat 300ms promote master\nat 500ms Master read slave @slave\n\
                at 600ms router master\nat 2s end";
    let (told, _) = told(text, Vocabulary::Primary);
    assert!(told.contains("slave = master"), "{told}");
    assert!(told.contains("Set: router master."));
    assert!(told.lines().any(|line| line == "Read slave"));
    assert!(told.contains("promote master"));
    assert!(!told.contains("primary write") && !told.contains("replica = "));
}

#[test]
fn errors_and_meters_of_an_engine_are_left_alone() {
    let text = "cluster m + s1\npreset mariadb-async\nclients A\nlog keep 1\nat 0ms crash s1\nat 10ms A write a 1\nat 20ms A write a 2\n\
                at 30ms A write a 3\nat 100ms start s1\nat 3s end";
    let (told, _) = told(text, Vocabulary::Primary);
    assert!(told.contains("Got fatal error 1236 from master when reading data"), "{told}");
    assert!(told.contains("Seconds_Behind_Master"));
}

#[test]
fn an_error_of_our_own_is_said_in_the_words_of_the_vocabulary() {
    let text =
        "cluster m + s1\nclients A\ngate 1 500ms\nat 0ms crash s1\nat 2s A write a 1\nat 3s promote m\nat 4s end";
    let (mine, _) = told(text, Vocabulary::Master);
    let (other, _) = told(text, Vocabulary::Primary);
    assert!(mine.contains("too few slaves: not written") && mine.contains("m is the master"), "{mine}");
    assert!(other.contains("too few replicas: not written") && other.contains("m is the primary"), "{other}");
}

#[test]
fn each_engine_has_its_own_words() {
    let words = |preset: &str| -> Words {
        let run = Run::new(&format!("cluster m + s1\npreset {preset}\n")).unwrap();
        Vocabulary::default().words(run.cluster().rules().engine)
    };
    for (preset, master, slave, slaves) in [
        ("plain", "master", "slave", "slaves"),
        ("pg-async", "primary", "standby", "standbys"),
        ("mariadb-async", "primary", "replica", "replicas"),
        ("mysql8-semisync", "source", "replica", "replicas"),
        ("redis-async", "master", "replica", "replicas"),
        ("mongo-majority", "primary", "secondary", "secondaries"),
    ] {
        let words = words(preset);
        assert_eq!((words.master, words.slave, words.slaves), (master, slave, slaves), "{preset}");
        assert_eq!(
            words.say("The Master’s slaves: a slave’s log, `slave`, slave-writes, masters–slaves. Slaves"),
            format!(
                "The {}’s {slaves}: a {slave}’s log, `slave`, slave-writes, {}–{slaves}. {}",
                capital(master),
                words.masters,
                capital(slaves)
            )
        );
    }
    assert_eq!(Vocabulary::named("leader"), None);
    assert_eq!(Vocabulary::named("primary").unwrap().words(Engine::Mongo).slave, "replica");
    assert_eq!(Vocabulary::named("master").unwrap().words(Engine::Mongo), &MASTER_SLAVE);
    assert_eq!(Vocabulary::named("engine"), Some(Vocabulary::default()));
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

#[test]
fn a_lesson_speaks_so_too_but_for_its_code_and_its_name() {
    let text = "lesson The master\ncluster m + s1\nstep The slaves\nsay A master; `slave` is code. Masters’ slaves.\n\
                ask Who, slave?\n  answer a slave\n    when never\n  answer the `master`\n    when never\n";
    let lecture = Lecture::new(Lesson::parse(text).unwrap());
    let run = replication_playground::run::Run::new(&Lesson::parse(text).unwrap().run).unwrap();
    let lesson = view::lesson(&lecture, &run, Vocabulary::Primary.words(Engine::Plain));
    assert_eq!((lesson.title.as_str(), lesson.name.as_str()), ("The primary", "The master"));
    let mut session = Session::new(&Lesson::parse(text).unwrap().run).unwrap();
    let mut lecture = lecture;
    lecture.look(&mut session);
    let run = replication_playground::run::Run::new(&Lesson::parse(text).unwrap().run).unwrap();
    let lesson = view::lesson(&lecture, &run, Vocabulary::Primary.words(Engine::Plain));
    let words: Vec<&str> = lesson.items.iter().map(|item| item.words.as_str()).collect();
    assert_eq!(words, ["The replicas", "A primary; `slave` is code. Primaries’ replicas.", "Who, replica?"]);
    assert_eq!(lesson.items[2].answers, ["a replica", "the `master`"]);
}

#[test]
fn an_old_read_and_a_loss_name_their_request() {
    let mut run = Run::new(TEXTS[0]).unwrap();
    run.play_out();
    let story = view::story(&run, 0, &MASTER_SLAVE);
    let old = story.iter().find(|sentence| view::plain(&sentence.parts).contains("which is old")).unwrap();
    let asked = run.cluster().history().operation(old.operation.unwrap()).unwrap();
    assert_eq!(run.cluster().name(asked.client), "A");
    let own = story.iter().find(|sentence| view::plain(&sentence.parts).contains("for itself")).unwrap();
    assert!(own.weight == "broken" && own.operation.is_some());
}

#[test]
fn a_promotion_that_loses_an_acknowledged_write_is_told_as_broken() {
    let text = "cluster m + s1\nclients A\nlink m-s1 latency 500ms\nat 0ms hold m-s1\nat 0ms A write a 1\nat 100ms crash m\nat 1s promote s1\nat 2s end";
    let mut run = Run::new(text).unwrap();
    run.play_out();
    let story = view::story(&run, 0, &MASTER_SLAVE);
    let promoted = story.iter().find(|sentence| view::plain(&sentence.parts).contains("is promoted")).unwrap();
    assert_eq!(promoted.weight, "broken");
}

#[test]
fn what_takes_an_acknowledged_write_from_a_slave_is_told_as_broken() {
    let begin = "cluster m + s1\nclients A\nslave-writes accepted\nat 0ms A write a 1 @s1\n";
    let ends = [
        ("at 1s A write a 2\n", "s1 applies"),
        ("at 1s rebuild s1\n", "throws away what is its own"),
        ("at 1s remove s1\n", "leaves the cluster"),
        ("at 1s A write b 1\nat 1.5s A write a 3\n", "s1 applies b"),
    ];
    let weight = |end: &str, words: &str| {
        let mut run = Run::new(&format!("{begin}{end}at 9s end")).unwrap();
        run.play_out();
        let story = view::story(&run, 0, &MASTER_SLAVE);
        let found = story.iter().find(|sentence| view::plain(&sentence.parts).contains(words));
        found.unwrap().weight
    };
    assert_eq!(ends.map(|(end, words)| weight(end, words)), ["broken", "broken", "broken", "plain"]);
}
