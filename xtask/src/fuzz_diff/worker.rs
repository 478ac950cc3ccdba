//! Asking: two threads, each with an oracle a Helm, that take chunks of case numbers in turn.
//!
//! A chunk is sent whole, so that the oracles work while we answer too. Nothing outlives its chunk
//! but counts and a few examples.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result, anyhow};
use serde_json::Value;

use super::answer::Answer;
use super::family::{Family, Question};
use super::report::{Outcome, Report};
use super::shrink;
use crate::oracle::pipe::{Helm, Pipe};
use crate::oracle::random::Random;

/// Threads; their oracles are processes of their own.
const THREADS: usize = 2;
/// Cases that are under way at a time.
const CHUNK: u64 = 64;
/// How often Helm is asked again before a difference is believed: it walks Go's maps in a random
/// order.
const AGAIN: usize = 24;
/// How often, where its answers are seen to vary.
const AGAIN_VARYING: usize = 1000;

/// Asks all cases of a family.
///
/// # Errors
/// An oracle that cannot be started or spoken with, or that finds fault with a question.
pub(super) fn run(family: &Family, seed: u64, cases: u64, helms: &[Helm]) -> Result<Report> {
    let report = Mutex::new(Report::default());
    let next = AtomicU64::new(0);
    let work = || -> Result<()> {
        let mut asker = Asker::new(family, helms)?;
        loop {
            let from = next.fetch_add(CHUNK, Ordering::Relaxed);
            if from >= cases {
                return Ok(());
            }
            asker.chunk(seed, from..cases.min(from + CHUNK), &report)?;
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .map(|t| t.join().map_err(|_| anyhow!("a worker panicked")))
            .collect::<Result<Vec<_>>>()?
            .into_iter()
            .collect::<Result<()>>()
    })?;
    report
        .into_inner()
        .map_err(|_| anyhow!("a worker panicked"))
}

/// Shows how one question is answered by a Helm and by us; whether both say the same.
///
/// # Errors
/// As [`run`].
pub(super) fn tell(family: &Family, question: &Question, helm: Helm) -> Result<bool> {
    let mut asker = Asker::new(family, &[helm])?;
    let theirs = asker.ask(0, &question.asked)?;
    let ours = ours(family, &question.asked, helm);
    let outcome = asker.judge(0, &question.asked, &theirs, &ours)?;
    println!(
        "{}\n  theirs {}\n  ours   {}",
        helm.name(),
        theirs.shown(),
        ours.shown()
    );
    if outcome != Outcome::Differs {
        println!("  {outcome:?}");
        return Ok(true);
    }
    let small = asker.shrink(0, &question.asked, &theirs, &ours)?;
    println!("smaller:\n{}", serde_json::to_string_pretty(&small.asked)?);
    println!(
        "  theirs {}\n  ours   {}",
        small.theirs.shown(),
        small.ours.shown()
    );
    Ok(false)
}

/// Asks the cases of a family one by one, and gives those on which Helm always says what we say, with the answers.
///
/// # Errors
/// As [`run`].
pub(super) fn agreed(family: &Family, seed: u64, cases: u64) -> Result<Vec<(Value, [Answer; 2])>> {
    let mut asker = Asker::new(family, &[Helm::Three, Helm::Four])?;
    let mut kept = Vec::new();
    for n in 0..cases {
        let mut random = Random::new(seed, family.name, n);
        let Question { asked, .. } = (family.generate)(&mut random, n);
        let mut answers = Vec::new();
        for (at, helm) in [Helm::Three, Helm::Four].into_iter().enumerate() {
            let ours = ours(family, &asked, helm);
            let theirs = asker.ask(at, &asked)?;
            if asker.judge(at, &asked, &theirs, &ours)? == Outcome::Agrees
                && (family.same)(&asker.ask(at, &asked)?, &ours)
            {
                answers.push(theirs);
            }
        }
        if let Ok(answers) = answers.try_into() {
            kept.push((asked, answers));
        }
    }
    Ok(kept)
}

/// A question that shows a difference, and both answers.
pub(super) struct Found {
    pub(super) asked: Value,
    pub(super) theirs: Answer,
    pub(super) ours: Answer,
}

/// One thread's oracles.
struct Asker<'f> {
    family: &'f Family,
    oracles: Vec<(Helm, Pipe)>,
}

impl<'f> Asker<'f> {
    fn new(family: &'f Family, helms: &[Helm]) -> Result<Self> {
        let start = |helm: &Helm| Ok((*helm, Pipe::start(*helm)?));
        let oracles = helms.iter().map(start).collect::<Result<_>>()?;
        Ok(Self { family, oracles })
    }

    /// Asks some cases and counts what came of them.
    fn chunk(
        &mut self,
        seed: u64,
        cases: std::ops::Range<u64>,
        report: &Mutex<Report>,
    ) -> Result<()> {
        let questions: Vec<(u64, Question)> = cases
            .map(|n| {
                let mut random = Random::new(seed, self.family.name, n);
                (n, (self.family.generate)(&mut random, n))
            })
            .collect();
        for (_, question) in &questions {
            for (_, pipe) in &mut self.oracles {
                pipe.send(&question.asked)?;
            }
        }
        for at in 0..self.oracles.len() {
            self.answers(at, &questions, report)?;
        }
        let mut report = lock(report)?;
        for (_, question) in &questions {
            report.covered(&question.cells);
        }
        Ok(())
    }

    /// Compares one Helm's answers to a chunk with ours.
    fn answers(
        &mut self,
        at: usize,
        questions: &[(u64, Question)],
        report: &Mutex<Report>,
    ) -> Result<()> {
        let helm = self.oracles[at].0;
        // All first: what is asked on the way must not be mistaken for the next answer.
        let answers = self.received(at, questions)?;
        for ((n, question), theirs) in questions.iter().zip(answers) {
            if let Answer::Bad(why) = &theirs {
                anyhow::bail!("case {n} is no question: {why}: {}", question.asked);
            }
            let ours = ours(self.family, &question.asked, helm);
            let outcome = self.judge(at, &question.asked, &theirs, &ours)?;
            let wanted = lock(report)?.count(helm, outcome, &theirs, &ours, *n);
            if !wanted {
                continue;
            }
            // One difference more shrunk than needed does no harm; a lock held so long would.
            let found = self.shrink(at, &question.asked, &theirs, &ours)?;
            lock(report)?.example(helm, *n, found);
        }
        Ok(())
    }

    /// One Helm's answers to the questions sent.
    fn received(&mut self, at: usize, questions: &[(u64, Question)]) -> Result<Vec<Answer>> {
        let mut answers = Vec::with_capacity(questions.len());
        while answers.len() < questions.len() {
            let Some(line) = self.oracles[at].1.receive()? else {
                break;
            };
            answers.push(Answer::read(Some(line)));
        }
        // It has died: what it had been sent is forgotten, and what it had answered last is lost.
        for (_, question) in &questions[answers.len()..] {
            answers.push(self.ask(at, &question.asked)?);
        }
        Ok(answers)
    }

    fn ask(&mut self, at: usize, question: &Value) -> Result<Answer> {
        let pipe = &mut self.oracles[at].1;
        pipe.send(question)?;
        Ok(Answer::read(pipe.receive()?))
    }

    fn judge(
        &mut self,
        at: usize,
        question: &Value,
        theirs: &Answer,
        ours: &Answer,
    ) -> Result<Outcome> {
        let same = self.family.same;
        if same(theirs, ours) {
            return Ok(Outcome::Agrees);
        }
        if matches!(theirs, Answer::Broke(_)) {
            return Ok(Outcome::HelmBreaks);
        }
        if matches!(ours, Answer::Limited(_)) {
            return Ok(Outcome::Limited);
        }
        let (mut asked, mut most) = (0, AGAIN);
        while asked < most {
            let answer = self.ask(at, question)?;
            if same(&answer, ours) {
                return Ok(Outcome::Varies);
            }
            if !same(&answer, theirs) {
                most = AGAIN_VARYING;
            }
            asked += 1;
        }
        Ok(Outcome::Differs)
    }

    fn shrink(
        &mut self,
        at: usize,
        asked: &Value,
        theirs: &Answer,
        ours: &Answer,
    ) -> Result<Found> {
        let found = Found {
            asked: asked.clone(),
            theirs: theirs.clone(),
            ours: ours.clone(),
        };
        let (family, helm) = (self.family, self.oracles[at].0);
        shrink::shrink(family, found, |question| {
            let theirs = self.ask(at, question)?;
            if matches!(theirs, Answer::Bad(_)) {
                return Ok(None);
            }
            let ours = self::ours(family, question, helm);
            let outcome = self.judge(at, question, &theirs, &ours)?;
            Ok((outcome == Outcome::Differs).then_some((theirs, ours)))
        })
    }
}

fn lock(report: &Mutex<Report>) -> Result<std::sync::MutexGuard<'_, Report>> {
    report.lock().ok().context("a worker panicked")
}

/// Our answer; a panic is one too.
pub(super) fn ours(family: &Family, question: &Value, helm: Helm) -> Answer {
    catch_unwind(AssertUnwindSafe(|| (family.answer)(question, helm)))
        .unwrap_or_else(|_| Answer::Broke("we panicked".into()))
}
