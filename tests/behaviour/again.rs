//! The scripts in README, in RECIPES and in the help that run a command again: only after exit code 5, a few times, and
//! until Ctrl-C. Their exit code is that of the last run.

use crate::support::{Home, lexbot, program, requires};

const README: &str = include_str!("../../README.md");
const RECIPES: &str = include_str!("../../.github/RECIPES.md");

/// Stands for lexbot and for the pauses. lexbot exits with each code of `$codes` in turn, and then with the last.
const STAND_INS: &str = r"
lexbot() { echo run; code=${codes%% *}; codes=${codes#* }; return $code; }
sleep() { echo pause; }
";

/// The scripts in the three documents.
fn scripts() -> [String; 3] {
    let help = lexbot(["claim", "--help"]).stdout_like("...").run().stdout;
    [README, RECIPES, &help].map(|document| {
        let start = document.find("for run in 1").expect("a loop");
        let (script, _) = document[start..]
            .split_once("exit $code\n")
            .expect("its end");
        format!("{script}exit $code")
    })
}

#[test]
fn only_exit_code_5_leads_to_another_run() {
    for script in scripts() {
        for (codes, runs) in [
            ("0", 1),
            ("1", 1),
            ("2", 1),
            ("3", 1),
            ("4", 1),
            ("129", 1),
            ("130", 1),
            ("143", 1),
            ("5 0", 2),
            ("5 5 1", 3),
            ("5 130", 2),
        ] {
            let last = codes.rsplit(' ').next().unwrap_or(codes);
            let output = program("sh", ["-c", &format!("{STAND_INS}{script}")])
                .env("codes", codes)
                .stdout_like("...")
                .code(last.parse().expect("a number"))
                .run()
                .stdout;
            let expected = vec!["run"; runs].join("\npause\n") + "\n";
            assert_eq!(output, expected, "{codes}: {script}");
        }
    }
}

#[test]
fn the_number_of_runs_is_bounded() {
    for script in scripts() {
        let output = program("sh", ["-c", &format!("{STAND_INS}{script}")])
            .env("codes", "5")
            .stdout_like("...")
            .code(5)
            .run()
            .stdout;
        assert!((2..10).contains(&output.matches("run").count()), "{script}");
        assert!(
            output.ends_with("run\n"),
            "a pause after the last: {script}"
        );
    }
}

#[test]
fn ctrl_c_ends_a_pause_and_the_loop() {
    if !requires("setsid") {
        return;
    }
    for script in scripts() {
        // The pause announces itself: a signal before its process exists would miss it.
        let pause = "sleep() { sh -c 'echo pause; exec sleep 60'; }";
        let script = format!("{STAND_INS}{pause}\necho $$\n{script}");
        let home = Home::new();
        let run = program("setsid", ["sh", "-c", &script])
            .home(&home)
            .env("codes", "5")
            .stdout_like("...")
            .code(-2)
            .spawn();
        let group = run.read_line();
        assert_eq!(
            (run.read_line(), run.read_line()),
            ("run".into(), "pause".into())
        );
        program("sh", ["-c", &format!("kill -INT -{group}")]).run();
        assert_eq!(run.wait().stdout, format!("{group}\nrun\npause\n"));
    }
}
