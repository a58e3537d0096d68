//! The status as JSON, and in sentences.

use std::path::PathBuf;
use std::time::Duration;

use super::advice;
use super::application::Application;
use super::duration::{now, since};
use super::texts::Texts;
use crate::client::{DeletionStatus, Status, Telemetry};
use crate::consent::{ChoicePlace, Coverage, Input, NewEvent, NoPlace, Reading, Reason, Report, Source};
use crate::page::Disclosure;
use crate::sink::Obstacle;
use crate::storage::shown;

/// The status of the client, with what the yes covers of the events on the page, and of those that were published.
pub(super) fn of(client: &Telemetry, page: &Disclosure) -> Status {
    let mut status = client.status();
    if let (Some(report), Some(consent)) = (&mut status.consent, client.consent()) {
        let published = report.coverage.take().map(|coverage| coverage.needs_consent);
        report.coverage = consent.coverage(page.scope()).map(|coverage| and(coverage, published.unwrap_or_default()));
    }
    status
}

/// Adds events that need consent and that the page does not list.
fn and(coverage: Coverage, published: Vec<NewEvent>) -> Coverage {
    let mut all = coverage;
    let unlisted: Vec<NewEvent> =
        published.into_iter().filter(|event| !all.needs_consent.iter().any(|listed| is_same(listed, event))).collect();
    all.needs_consent.extend(unlisted);
    all
}

fn is_same(one: &NewEvent, other: &NewEvent) -> bool {
    (one.event, &one.hash) == (other.event, &other.hash)
}

/// The status as JSON, on one line. It consists of values whose serialization cannot fail.
pub(super) fn json(status: &Status) -> String {
    serde_json::to_string(status).unwrap_or_default()
}

/// The same on several lines.
pub(super) fn pretty_json(status: &Status) -> String {
    serde_json::to_string_pretty(status).map(|json| json + "\n").unwrap_or_default()
}

/// The status for a person, in paragraphs.
pub(super) fn text(status: &Status, application: &Application<'_>, texts: &dyn Texts) -> String {
    match &status.consent {
        Some(report) => {
            let place = application.consent.and_then(|consent| consent.choice_place());
            let state = application.state_directory();
            Sentences { status, report, application, place, state, now: now(), texts }.text()
        }
        None => texts.always_off() + "\n",
    }
}

/// What the sentences speak of.
struct Sentences<'a> {
    status: &'a Status,
    report: &'a Report,
    application: &'a Application<'a>,
    /// `None` if the application has unusable names.
    place: Option<ChoicePlace>,
    /// The directory for what telemetry keeps.
    state: Option<PathBuf>,
    /// In seconds since 1970.
    now: u64,
    texts: &'a dyn Texts,
}

impl Sentences<'_> {
    fn text(&self) -> String {
        let paragraphs =
            [self.decision(), self.needs_consent(), self.inputs(), self.sending(), self.outcomes(), self.commands()];
        let paragraphs = paragraphs.into_iter().filter(|lines| !lines.is_empty());
        paragraphs.map(|lines| lines.join("\n") + "\n").collect::<Vec<_>>().join("\n")
    }

    fn decision(&self) -> Vec<String> {
        let (name, decision) = (self.application.name(), &self.report.decision);
        let reason = self.texts.reason(decision.reason, &self.report.variable);
        let state = if decision.enabled { self.texts.on(name, &reason) } else { self.texts.off(name, &reason) };
        let mut lines = vec![state];
        lines.extend(self.status.debug.then(|| self.texts.debug()));
        lines.extend(self.choice());
        lines
    }

    /// What is not sent because the user's yes does not cover it.
    fn needs_consent(&self) -> Vec<String> {
        let coverage = self.report.coverage.as_ref().filter(|_| self.report.decision.enabled);
        let new = coverage.map(|coverage| &*coverage.needs_consent).unwrap_or_default();
        // A yes is given to the events of the page.
        let (listed, unlisted): (Vec<&NewEvent>, _) = new.iter().partition(|event| self.is_listed(event));
        let mut lines: Vec<String> = listed.iter().flat_map(|event| self.new_event(event)).collect();
        if !lines.is_empty() {
            let enable = self.application.page.command("enable").filter(|_| self.can_store(|place| &place.yes));
            lines.extend(enable.map(|command| self.texts.how_to_agree(&command)));
        }
        lines.extend(unlisted.iter().flat_map(|event| self.new_event(event)));
        lines
    }

    fn is_listed(&self, event: &NewEvent) -> bool {
        let mut events = self.application.page.scope().events().iter();
        events.any(|listed| listed.name == event.event && listed.schema().hash() == event.hash)
    }

    fn new_event(&self, event: &NewEvent) -> Vec<String> {
        let rows = event.new.iter().map(|row| format!("  {row}"));
        std::iter::once(self.texts.needs_consent(event.event, event.is_declined)).chain(rows).collect()
    }

    /// Where the choice is stored, and why none can be.
    fn choice(&self) -> Vec<String> {
        let Some(place) = &self.place else { return Vec::new() };
        let texts = self.texts;
        let told = self.file().and_then(|file| match self.report.reading(Source::Stored) {
            Reading::No(Reason::StoredCorrupt | Reason::StoredUnreadable) => Some(texts.choice_unusable(&file)),
            Reading::No(Reason::StoredForeign) => Some(texts.choice_foreign(&file)),
            Reading::Yes(_) | Reading::No(_) => Some(texts.choice_stored(&file)),
            Reading::Silent | Reading::NotRead => place.yes.is_ok().then(|| texts.choice_absent(&file)),
        });
        let why_none = place.yes.as_ref().err().map(|reason| texts.choice_without_place(reason));
        told.into_iter().chain(why_none).collect()
    }

    fn file(&self) -> Option<String> {
        Some(shown(self.place.as_ref()?.file.as_ref()?))
    }

    /// The inputs, one a line. How the program was built is listed only if that denies.
    fn inputs(&self) -> Vec<String> {
        let is_told = |input: &&Input| {
            !matches!(input.source, Source::Build | Source::Names) || matches!(input.reading, Reading::No(_))
        };
        let told = self.report.inputs.iter().filter(is_told);
        let rows: Vec<(String, String)> = told
            .map(|input| (self.texts.source(input.source, &self.report.variable), self.texts.reading(input.reading)))
            .collect();
        let widest = rows.iter().map(|(source, _)| source.chars().count()).max().unwrap_or_default();
        let rows = rows.iter().map(|(source, reading)| format!("  {source:widest$}  {reading}"));
        std::iter::once(self.texts.inputs()).chain(rows).collect()
    }

    /// Where events go, what waits, and what keeps it from being sent.
    fn sending(&self) -> Vec<String> {
        let (status, texts) = (self.status, self.texts);
        let mut lines = Vec::new();
        let receiver = status.receiver.or(self.application.page.stated_receiver());
        lines.extend(receiver.map(|receiver| texts.receiver(receiver)));
        lines.extend(status.endpoint.as_deref().map(|host| texts.host(host)));
        lines.extend(status.error.map(|error| texts.nowhere_to_send(error)));
        lines.extend(self.waiting());
        lines.extend(status.obstacle.map(|obstacle| texts.obstacle(obstacle)));
        lines.extend(self.marker());
        lines.extend(status.queue.paused_seconds.map(|seconds| texts.paused(Duration::from_secs(seconds))));
        lines.extend(status.spool.only_grows.then(|| texts.only_grows()));
        lines.extend(self.keeping());
        lines.extend(status.deletion.iter().flat_map(|deletion| self.deletion(deletion)));
        lines
    }

    /// The file that keeps a choice that can be read from being acted on.
    fn marker(&self) -> Option<String> {
        self.status.obstacle.filter(|obstacle| *obstacle == Obstacle::ChoiceUnreadable)?;
        let file = self.application.consent?.unreadable_marker()?;
        Some(self.texts.marker_unreadable(&shown(&file)))
    }

    /// What cannot be kept, and what was sent last.
    fn keeping(&self) -> Vec<String> {
        let (status, texts) = (self.status, self.texts);
        let mut lines = Vec::new();
        lines.extend(status.spool.problem.map(|problem| texts.not_kept(problem)));
        lines.extend(status.ephemeral_id.then(|| texts.new_id()));
        lines.extend(status.unrecorded.map(|problem| texts.not_recorded(problem)));
        if status.spool.problem.or(status.unrecorded).is_some() {
            lines.extend(self.state.as_ref().map(|directory| texts.files_in(&shown(directory))));
        }
        match status.last_sent {
            Some(at) => lines.push(texts.last_sent(since(at, self.now))),
            None if status.unrecorded.is_none() => lines.push(texts.nothing_sent()),
            None => {}
        }
        lines
    }

    /// The request for deletion: whether a no leads to one, and what became of the last one.
    fn deletion(&self, deletion: &DeletionStatus) -> Vec<String> {
        let texts = self.texts;
        let mut lines = Vec::new();
        let is_promised = self.report.decision.enabled && self.can_store(|place| &place.no);
        lines.extend(is_promised.then(|| texts.deletion_promised()));
        lines.extend((deletion.waiting > 0).then(|| texts.deletion_waits(deletion.waiting)));
        lines.extend(deletion.is_held.then(|| texts.deletion_held()));
        let ended = deletion.end.zip(deletion.ended);
        lines.extend(ended.map(|(end, at)| texts.deletion_ended(end, since(at, self.now))));
        lines
    }

    fn waiting(&self) -> Vec<String> {
        let (queue, spool) = (&self.status.queue, &self.status.spool);
        let oldest = spool.oldest.map(|oldest| since(oldest, self.now));
        let mut lines = Vec::new();
        lines.extend((spool.events > 0).then(|| self.texts.waiting_on_disk(spool.events, oldest)));
        // On Windows, what this program has on disk is not among what waits there.
        let in_memory = if cfg!(windows) { queue.events } else { queue.unstored };
        lines.extend((in_memory > 0).then(|| self.texts.waiting_in_memory(in_memory)));
        let counted = &self.status.counted;
        let events = counted.today + counted.earlier;
        lines.extend((events > 0).then(|| self.texts.counted(events, counted.distinct)));
        if lines.is_empty() {
            lines.push(self.texts.nothing_waits());
        }
        lines
    }

    /// What became of the events that this program published or took over.
    fn outcomes(&self) -> Vec<String> {
        let (texts, spool) = (self.texts, &self.status.spool);
        let mut lines = Vec::new();
        for (counts, sentence) in [
            (&self.status.counts, texts.published(&self.status.counts)),
            (&spool.recovered, texts.recovered(&spool.recovered)),
        ] {
            if counts.published() > 0 {
                lines.push(sentence);
                lines.extend(counts.losses().map(|(loss, events)| texts.lost(events, loss)));
            }
        }
        let some = |count: u64| (count > 0).then_some(count);
        let counted = &self.status.counted;
        lines.extend(some(spool.expired + counted.expired).map(|events| texts.expired(events)));
        lines.extend(some(spool.foreign + counted.foreign).map(|lines| texts.foreign(lines)));
        lines.extend(some(spool.torn).map(|lines| texts.torn(lines)));
        lines
    }

    /// How the user goes on from here.
    fn commands(&self) -> Vec<String> {
        let command = |name| self.application.page.command(name);
        let mut lines = Vec::new();
        if self.report.decision.enabled {
            let disable = command("disable").filter(|_| self.can_store(|place| &place.no));
            lines.push(self.texts.how_to_switch_off(disable.as_deref(), &self.report.variable));
        } else {
            let (file, enable) = (self.file(), command("enable"));
            let steps = advice::to_switch_on(self.report, self.place.as_ref(), file.as_deref(), enable.as_deref());
            lines.extend((!steps.is_empty()).then(|| self.texts.how_to_switch_on(&steps)));
        }
        lines.extend(command("preview").map(|command| self.texts.how_to_see(&command)));
        lines
    }

    fn can_store(&self, choice: fn(&ChoicePlace) -> &Result<(), NoPlace>) -> bool {
        self.place.as_ref().is_some_and(|place| choice(place).is_ok())
    }
}

#[cfg(test)]
mod tests;
