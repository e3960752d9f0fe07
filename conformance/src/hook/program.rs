//! A hook that is a program: a line of JSON in, a line of JSON back.

use std::process::Stdio;
use std::time::Duration;

use oadr_transport::net::BoxFuture;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;

use super::{Hook, Told};

/// A running program. It is told to end by the end of its stdin, and killed if it does not.
pub struct Program(Mutex<Pipes>);

struct Pipes {
    /// Gone once it is told to end.
    stdin: Option<ChildStdin>,
    stdout: Lines<BufReader<ChildStdout>>,
    child: Child,
}

impl Program {
    /// Starts a command line, by the shell.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn start(command: &str) -> Result<Self, String> {
        let mut child = Command::new("sh")
            // The shell gives way to the program, so that it is the program that is killed.
            .args(["-c", &format!("exec {command}")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // A Ctrl-C at the terminal is for the kit, which then tells the hook to end.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("the operator hook {command:?}: {error}"))?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(format!("the operator hook {command:?} has no stdin or stdout"));
        };
        let stdout = BufReader::new(stdout).lines();
        Ok(Self(Mutex::new(Pipes { stdin: Some(stdin), stdout, child })))
    }
}

impl Hook for Program {
    fn ask(&self, question: Value) -> BoxFuture<'_, Told> {
        Box::pin(async move {
            let mut pipes = self.0.lock().await;
            let asked = question["do"].as_str().unwrap_or_default().to_owned();
            let answer = tokio::time::timeout(LONGEST, pipes.ask(&question)).await;
            match answer {
                Ok(Ok(told)) => told,
                Ok(Err(why)) => Told::Failed(format!("{asked}: {why}")),
                Err(_) => Told::Failed(format!("{asked}: no answer in {} s", LONGEST.as_secs())),
            }
        })
    }

    fn end(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let mut pipes = self.0.lock().await;
            drop(pipes.stdin.take());
            // Else it is killed when it is dropped.
            let _ = tokio::time::timeout(ENDED, pipes.child.wait()).await;
        })
    }
}

impl Pipes {
    async fn ask(&mut self, question: &Value) -> Result<Told, String> {
        let gone = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::BrokenPipe => GONE.to_owned(),
            _ => error.to_string(),
        };
        let stdin = self.stdin.as_mut().ok_or("it was told to end")?;
        stdin.write_all(format!("{question}\n").as_bytes()).await.map_err(gone)?;
        stdin.flush().await.map_err(gone)?;
        let line = self.stdout.next_line().await.map_err(gone)?;
        let line = line.ok_or(GONE)?;
        serde_json::from_str(&line).map_err(|error| format!("{line:?} is no answer: {error}"))
    }
}

const GONE: &str = "the program has ended; its stderr may tell why";

const LONGEST: Duration = Duration::from_secs(60);

/// A program that takes longer to end is killed.
const ENDED: Duration = Duration::from_secs(20);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn a_program_answers_line_by_line() {
        let script = r#"sh -c 'while read -r line; do echo "{\"ok\":{\"heard\":$line}}"; done'"#;
        let program = Program::start(script).unwrap();
        for at in 0..2 {
            let told = program.ask(json!({ "do": "x", "at": at })).await;
            assert_eq!(told, Told::Ok(json!({ "heard": { "at": at, "do": "x" } })));
        }
    }

    #[tokio::test]
    async fn a_program_is_let_to_end_what_it_has_begun() {
        let place = tempfile::tempdir().unwrap();
        let trace = place.path().join("trace");
        let script = format!("sh -c 'cat >/dev/null; sleep 0.3; echo over >{}'", trace.display());
        Program::start(&script).unwrap().end().await;
        assert_eq!(std::fs::read_to_string(trace).unwrap(), "over\n");
    }

    #[tokio::test]
    async fn a_program_that_ends_or_babbles_is_trouble_with_its_reason() {
        let ended = Program::start("true").unwrap().ask(json!({ "do": "hello" })).await;
        assert!(matches!(&ended, Told::Failed(why) if why.contains("hello")), "{ended:?}");
        let babble = Program::start("echo hi").unwrap().ask(json!({ "do": "hello" })).await;
        assert!(matches!(&babble, Told::Failed(_)), "{babble:?}");
    }
}
