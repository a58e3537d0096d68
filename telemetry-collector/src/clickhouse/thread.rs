//! The thread that writes. All that waits becomes one group, which is answered once the engine has acknowledged it.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant, SystemTime};

use rusqlite::Connection;

use super::http::EngineError;
use super::insert::{self, Event, Insert};
use super::queue::{Answer, Command, Forwarded, Outcome, Turn, Write};
use super::session::Session;
use super::{Options, forward, layout, remove, retain};
use crate::arrival::{AnonymousId, Arrival, Day, EventId, Fate, SchemaHash};
use crate::check::KnownSchema;
use crate::store::{self, Deletion, Retained, Unavailable};

/// How long it waits before it sends something again that the engine did not acknowledge.
const AGAIN: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(400)];

/// As many events are in one group.
const MOST_EVENTS: usize = 50_000;

/// Numbers count units of 10 microseconds since 2020, and the tag of the collector below them: in the order of arrival over all collectors,
/// and each once.
const TAG_BITS: u32 = 16;
const EPOCH: u64 = 1_577_836_800;

/// How many tags are tried.
const MOST_TRIES: usize = 16;

/// Writes until the store is closed.
pub(super) fn run(session: Session, options: Options, commands: &Receiver<Command>, beside: store::Readers) {
    let mut thread = Thread::new(session, options, beside);
    while thread.turn(commands) {}
    // Its senders were told that it failed, but the insert may still succeed.
    let _ = thread.settle().and_then(|()| thread.take_back());
}

/// Gives the numbers of rows.
#[derive(Debug, Default)]
struct Numbers {
    last: i64,
    /// A number that no other collector has.
    tag: Option<u16>,
}

impl Numbers {
    /// Before the first one is given.
    fn begin(&mut self, session: &Session) -> Result<(), EngineError> {
        for _ in 0..MOST_TRIES {
            if self.tag.is_some() {
                return Ok(());
            }
            let tag = fastrand::u16(..);
            self.tag = session.claim(&format!("collector {tag}"))?.then_some(tag);
        }
        self.tag.map(drop).ok_or(EngineError::Claim)
    }

    fn next(&mut self) -> i64 {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let now = now.saturating_sub(Duration::from_secs(EPOCH)).as_micros() / 10;
        self.last = i64::try_from(now).unwrap_or(self.last).max(self.last.saturating_add(1));
        (self.last << TAG_BITS) | i64::from(self.tag.unwrap_or_default())
    }
}

pub(super) struct Thread {
    pub(super) session: Session,
    pub(super) options: Options,
    numbers: Numbers,
    /// The file beside.
    beside: store::Readers,
    file: Option<Beside>,
    /// The schemas whose tables are there, by hash and event.
    registered: HashSet<(SchemaHash, String)>,
    /// What was sent and is not acknowledged. Nothing is done before it is: it may be there, and be found or deleted only once it is.
    unsettled: VecDeque<Insert>,
    /// The rows of the file that were sent last. They are kept until it is known whether another collector has deleted their installations meanwhile.
    sent: Option<forward::Sent>,
    /// When something was inserted last.
    inserted: Option<Instant>,
    /// The hours in which it deletes what is old, of several collectors.
    turn: Option<u64>,
}

/// What the engine knows of the file beside.
#[derive(Clone, Copy)]
struct Beside {
    number: i64,
    /// Whether rows leave it once they are in the engine.
    is_emptied: bool,
}

/// How a file is taken over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Its rows leave it.
    Emptied,
    /// They stay.
    Kept,
    /// With the tables of events that have no rows.
    Whole,
}

/// What is gathered to be written together: the deletions come after the events.
#[derive(Default)]
struct Group {
    events: Vec<Event>,
    deletions: Vec<(EventId, AnonymousId)>,
    /// Of whom they are.
    deleted: HashSet<AnonymousId>,
    /// What became of those before.
    fates: Vec<Fate>,
    done: Vec<Deletion>,
}

impl Thread {
    pub(super) fn new(session: Session, options: Options, beside: store::Readers) -> Self {
        let numbers = Numbers::default();
        let (registered, unsettled) = (HashSet::new(), VecDeque::new());
        Self {
            session,
            options,
            numbers,
            beside,
            file: None,
            registered,
            unsettled,
            sent: None,
            inserted: None,
            turn: None,
        }
    }

    /// Does what waits. Says whether there is more to come.
    fn turn(&mut self, commands: &Receiver<Command>) -> bool {
        let Ok(first) = commands.recv() else { return false };
        let (mut writes, mut events) = (Vec::new(), 0);
        let mut next = Some(first);
        loop {
            match next.take() {
                Some(Command::Write(write)) => {
                    events += write.arrivals.len();
                    writes.push(write);
                }
                Some(Command::Close) => {
                    self.group(writes);
                    return false;
                }
                Some(command) => {
                    self.group(std::mem::take(&mut writes));
                    events = 0;
                    self.task(command);
                }
                None => {}
            }
            if events >= MOST_EVENTS {
                break;
            }
            // Each insert makes a part that the engine has to merge, so that they keep a distance, in which more comes to wait.
            let pause = self.inserted.map_or(Duration::ZERO, |at| self.options.pause.saturating_sub(at.elapsed()));
            next = match commands.recv_timeout(if writes.is_empty() { Duration::ZERO } else { pause }) {
                Ok(command) => Some(command),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => {
                    self.group(writes);
                    return false;
                }
            };
        }
        self.group(writes);
        true
    }

    fn task(&mut self, command: Command) {
        // Who does not wait any more is not told.
        match command {
            Command::Retain(today, days, turn, answer) => self.retain(today, days, turn, answer),
            Command::Know(schemas, answer) => {
                let _ = answer.send(self.know(&schemas));
            }
            Command::Forward(answer) => {
                let _ = answer.send(self.forward());
            }
            Command::Delete(id, anonymous_id, answer) => {
                let _ = answer.send(self.delete(id, anonymous_id));
            }
            Command::Write(_) | Command::Close => {}
        }
    }

    /// Counts and deletes what is old beside the writing, since it takes long. It is as if another collector did it.
    fn retain(&mut self, today: Day, days: u16, turn: Turn, answer: Answer<Retained>) {
        let session = self.settle().and_then(|()| self.is_turn(turn));
        let session = session.and_then(|is_turn| is_turn.then(|| self.session.another()).transpose());
        let retain = move || {
            let done = session.and_then(|session| match session {
                Some(session) => retain::retain(&session, today, days),
                None => Ok(Retained::default()),
            });
            let _ = answer.send(done.map_err(Unavailable::from));
        };
        // Without a thread, who waits is told that it is closed.
        let _ = std::thread::Builder::new().name("retention".to_owned()).spawn(retain);
    }

    fn is_turn(&mut self, turn: Turn) -> Result<bool, EngineError> {
        if turn == Turn::Any {
            return Ok(true);
        }
        let now = retain::period();
        if self.turn != Some(now) && retain::claim(&self.session, now)? {
            self.turn = Some(now);
        }
        Ok(self.turn == Some(now))
    }

    fn know(&mut self, schemas: &[Arc<KnownSchema>]) -> Result<(), Unavailable> {
        // Before rows come into it.
        self.file()?;
        Ok(schemas.iter().try_for_each(|schema| self.register(schema))?)
    }

    /// The file beside. Rows leave it only if it had none at first: one that was a store before is kept whole for whom it may serve again.
    fn file(&mut self) -> Result<Beside, Unavailable> {
        if let Some(file) = self.file {
            return Ok(file);
        }
        let connection = self.beside.open()?;
        let number = forward::number(&connection)?;
        let fact = format!("rows leave file {number}");
        let is_emptied = match self.session.fact(&fact)? {
            Some(fact) => fact == 1,
            None => {
                let is_empty = !forward::has_rows(&connection)?;
                self.session.set_fact(&fact, i64::from(is_empty))?;
                is_empty
            }
        };
        Ok(*self.file.insert(Beside { number, is_emptied }))
    }

    fn delete(&mut self, id: EventId, anonymous_id: AnonymousId) -> Result<Deletion, Unavailable> {
        self.settle()?;
        let done = remove::delete(&self.session, remove::NO_FILE, &[(id, anonymous_id)])?;
        self.inserted = Some(Instant::now());
        Ok(done.first().copied().ok_or(EngineError::Malformed)?)
    }

    /// Writes what waited together, and answers.
    fn group(&mut self, writes: Vec<Write>) {
        if writes.is_empty() {
            return;
        }
        let mut arrivals = Vec::with_capacity(writes.len());
        let mut answers = Vec::with_capacity(writes.len());
        let mut rooms = Vec::with_capacity(writes.len());
        for write in writes {
            arrivals.push(write.arrivals);
            answers.push(write.answer);
            // Until they are answered.
            rooms.push(write.room);
        }
        match self.keep(arrivals) {
            Ok(outcomes) => {
                for (answer, outcomes) in answers.into_iter().zip(outcomes) {
                    let _ = answer.send(Ok(outcomes));
                }
            }
            Err(reason) => {
                for answer in answers {
                    let _ = answer.send(Err(reason));
                }
            }
        }
    }

    fn keep(&mut self, writes: Vec<Vec<Arrival>>) -> Result<Vec<Vec<Outcome>>, Unavailable> {
        self.settle()?;
        if writes.iter().all(Vec::is_empty) {
            // Somebody asks whether events can be stored.
            self.session.integer("SELECT count() FROM _claim")?;
        }
        let mut outcomes = Vec::with_capacity(writes.len());
        let mut group = Group::default();
        for arrivals in writes {
            let mut own = Vec::with_capacity(arrivals.len());
            for arrival in arrivals {
                match arrival {
                    Arrival::Event { envelope, schema, cells } => {
                        self.register(&schema)?;
                        // What came before a deletion is deleted, and what comes after it is not.
                        if group.deleted.contains(&envelope.anonymous_id) {
                            self.carry_out_all(&mut group)?;
                        }
                        own.push(Slot::Event(group.fates.len() + group.events.len()));
                        group.events.push(Event { envelope, schema, cells });
                    }
                    Arrival::Deletion { id, anonymous_id } => {
                        own.push(Slot::Deletion(group.done.len() + group.deletions.len()));
                        group.deletions.push((id, anonymous_id));
                        group.deleted.insert(anonymous_id);
                    }
                    // They are kept beside.
                    Arrival::Unknown { .. } | Arrival::Reject { .. } => {}
                }
            }
            outcomes.push(own);
        }
        self.carry_out_all(&mut group)?;
        let outcome = |slot: Slot| match slot {
            Slot::Event(at) => group.fates.get(at).copied().map(Outcome::Fate),
            Slot::Deletion(at) => group.done.get(at).copied().map(Outcome::Deletion),
        };
        let of_write = |own: Vec<Slot>| own.into_iter().map(outcome).collect::<Option<Vec<_>>>();
        Ok(outcomes.into_iter().map(of_write).collect::<Option<_>>().ok_or(EngineError::Malformed)?)
    }

    /// Writes what is gathered.
    fn carry_out_all(&mut self, group: &mut Group) -> Result<(), Unavailable> {
        group.fates.extend(self.insert(&std::mem::take(&mut group.events))?);
        group.deleted.clear();
        let deletions = std::mem::take(&mut group.deletions);
        if !deletions.is_empty() {
            let file = self.file()?.number;
            group.done.extend(remove::delete(&self.session, file, &deletions)?);
            self.inserted = Some(Instant::now());
        }
        Ok(())
    }

    fn insert(&mut self, events: &[Event]) -> Result<Vec<Fate>, EngineError> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let numbers = &mut self.numbers;
        numbers.begin(&self.session)?;
        let (plan, fates) = insert::plan(&self.session, events, || numbers.next())?;
        self.carry_out(plan)?;
        Ok(fates)
    }

    /// Sends these, each until the engine has acknowledged it.
    fn carry_out(&mut self, plan: VecDeque<Insert>) -> Result<(), EngineError> {
        self.unsettled = plan;
        let mut pauses = AGAIN.into_iter();
        loop {
            let error = match self.settle() {
                Ok(()) => {
                    self.inserted = Some(Instant::now());
                    return Ok(());
                }
                Err(error) => error,
            };
            // Senders wait, and have their events still.
            match pauses.next().filter(|_| !error.is_final() && error != EngineError::TimedOut) {
                Some(pause) => std::thread::sleep(pause),
                None => return Err(error),
            }
        }
    }

    /// Sends again what the engine did not acknowledge. It takes what is there already as sent once.
    fn settle(&mut self) -> Result<(), EngineError> {
        if self.unsettled.is_empty() {
            return Ok(());
        }
        self.send()?;
        // Arrivals do not fail with it. What is left is done at the next take-over.
        let _ = self.take_back();
        Ok(())
    }

    fn send(&mut self) -> Result<(), EngineError> {
        while let Some(insert) = self.unsettled.front() {
            let token = insert.token.as_deref().map(|token| ("insert_deduplication_token", token));
            let settings: Vec<(&str, &str)> = token.into_iter().chain([("async_insert", "0")]).collect();
            match self.session.engine.insert(&insert.sql, insert.rows.clone(), &settings, self.options.patience) {
                Ok(()) => {
                    self.unsettled.pop_front();
                }
                Err(error) => {
                    if error.is_final() {
                        // It would never pass. Somebody may have dropped a table.
                        self.unsettled.clear();
                        self.registered.clear();
                    }
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Takes back rows of the file whose installations were deleted while they were on their way.
    fn take_back(&mut self) -> Result<(), EngineError> {
        let Some(sent) = &self.sent else { return Ok(()) };
        let done = sent.take_back(&self.session);
        // Of a table that somebody dropped, nothing is there.
        if done.map_or_else(EngineError::is_final, |()| true) {
            self.sent = None;
        }
        done
    }

    /// Makes the table and the columns that are missing.
    fn register(&mut self, schema: &Arc<KnownSchema>) -> Result<(), EngineError> {
        let key = (schema.hash(), schema.event().to_owned());
        if self.registered.contains(&key) {
            return Ok(());
        }
        let event = layout::Event::new(schema.event(), schema.columns());
        self.make(&event, &[layout::known_row(schema)])?;
        self.registered.insert(key);
        Ok(())
    }

    fn make(&self, event: &layout::Event<'_>, schemas: &[String]) -> Result<(), EngineError> {
        let statements = event.table(self.options.engines, self.options.retention_days);
        for sql in statements.iter().chain(&event.catalogue()).chain(schemas) {
            self.session.run(sql)?;
        }
        let number = layout::event_number(event.name);
        let columns = format!("SELECT path, kind FROM _column WHERE event = {number} ORDER BY path, kind");
        let columns = self.session.all(&columns, |row| Ok((row.text(0)?, row.text(1)?)))?;
        self.session.run(&layout::view(event.name, &columns))
    }

    /// Takes over the rows of the file beside.
    fn forward(&mut self) -> Result<Forwarded, Unavailable> {
        let way = if self.file()?.is_emptied { Way::Emptied } else { Way::Kept };
        let connection = self.beside.open()?;
        self.forward_from(&*connection.unchecked_transaction()?, way)
    }

    fn forward_from(&mut self, connection: &Connection, way: Way) -> Result<Forwarded, Unavailable> {
        self.settle()?;
        self.take_back()?;
        let file = forward::File::read(connection)?;
        let first_day = retain::first_day(self.options.retention_days);
        let mut forwarded = Forwarded { rows: 0, passed: Vec::new() };
        for event in file.events(connection)? {
            // What is there still of rows that leave it was not taken over.
            let mut begin = match way {
                Way::Emptied => forward::Begin::FIRST,
                Way::Kept | Way::Whole => event.begin(connection, &self.session, first_day)?,
            };
            let mut part = event.part(&file, connection, begin)?;
            if part.is_some() || way == Way::Whole {
                let columns = event.columns.iter().map(|(path, kind)| (path.as_str(), *kind)).collect();
                self.make(&layout::Event { name: &event.name, columns }, &event.schemas)?;
            }
            while let Some(next) = part {
                forwarded.rows += self.forward_part(&file, &next)?;
                if way != Way::Emptied {
                    next.passed(&self.session)?;
                }
                begin.passed = next.last;
                part = event.part(&file, connection, begin)?;
            }
            if way == Way::Emptied {
                forwarded.passed.extend(event.last(connection)?);
            }
        }
        Ok(forwarded)
    }

    /// Says how many of the rows were new.
    fn forward_part(&mut self, file: &forward::File, part: &forward::Part<'_>) -> Result<u64, Unavailable> {
        let numbers = &mut self.numbers;
        numbers.begin(&self.session)?;
        let sent = part.sent(file);
        let (plan, fresh) = part.plan(&self.session, &sent.deleted(&self.session)?, || numbers.next())?;
        self.sent = Some(sent);
        self.carry_out(plan)?;
        self.take_back()?;
        Ok(fresh)
    }

    /// Takes over all of a file, with what is left of rows that were deleted there. Says how many rows were new.
    pub(super) fn forward_all(&mut self) -> Result<u64, Unavailable> {
        let connection = self.beside.open()?;
        // Of one state: what is deleted meanwhile is either a row or counted.
        let transaction = connection.unchecked_transaction()?;
        let Forwarded { rows, .. } = self.forward_from(&transaction, Way::Whole)?;
        forward::counts(&transaction, &self.session)?;
        Ok(rows)
    }
}

/// Where it will be told what became of an arrival.
enum Slot {
    Event(usize),
    Deletion(usize),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_each_other_and_are_of_one_collector() {
        let (mut one, mut other) = (Numbers { last: 0, tag: Some(1) }, Numbers { last: 0, tag: Some(2) });
        let all: Vec<i64> = (0..1_000).map(|_| one.next()).collect();
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(all.iter().all(|number| number & 0xffff == 1) && other.next() > all[0]);
    }
}
