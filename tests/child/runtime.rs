//! Publishes from inside an asynchronous runtime, and drops clients there.

use std::error::Error;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use telemetry::Telemetry;
use tokio::runtime::{self, Runtime};
use tokio::{task, time};

use crate::acme::{self, PATIENCE, Started};

const TASKS: usize = 8;

pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    match arguments {
        [kind, endpoint, stalled] => match report(kind, endpoint, stalled) {
            Ok(report) => {
                println!("{report}");
                ExitCode::SUCCESS
            }
            Err(error) => {
                println!("error: {error}");
                ExitCode::FAILURE
            }
        },
        _ => ExitCode::FAILURE,
    }
}

fn runtime(kind: &str) -> Result<Runtime, Box<dyn Error>> {
    let mut builder = match kind {
        "current-thread" => runtime::Builder::new_current_thread(),
        "multi-thread" => runtime::Builder::new_multi_thread(),
        _ => return Err(format!("no such runtime: {kind}").into()),
    };
    Ok(builder.enable_time().build()?)
}

fn client(endpoint: &str) -> Telemetry {
    acme::builder().configured(Some(true)).endpoint(endpoint).build()
}

/// A client that cannot deliver its event.
fn stuck(stalled: &str) -> Telemetry {
    let telemetry = client(stalled);
    telemetry.publish(&Started { turn: 1 });
    telemetry
}

fn report(kind: &str, endpoint: &str, stalled: &str) -> Result<Value, Box<dyn Error>> {
    // The delay that the machine now adds to a wait of 50 ms.
    let nap = timed(|| thread::sleep(Duration::from_millis(50)));
    let runtime = runtime(kind)?;
    let (delivered, in_block_on, in_task) = runtime.block_on(async {
        let delivered = published_by_tasks(endpoint).await?;
        let telemetry = stuck(stalled);
        let in_block_on = timed(|| drop(telemetry));
        let telemetry = stuck(stalled);
        let in_task = task::spawn(async move { timed(|| drop(telemetry)) }).await?;
        Ok::<_, task::JoinError>((delivered, in_block_on, in_task))
    })?;
    // The runtime drops this client when the runtime ends.
    let telemetry = stuck(stalled);
    runtime.spawn(async move {
        time::sleep(PATIENCE).await;
        drop(telemetry);
    });
    let at_the_end = timed(|| drop(runtime));
    Ok(json!({
        "delivered": delivered,
        "nap_ms": nap,
        "drops_ms": [in_block_on, in_task, at_the_end],
    }))
}

/// Makes, uses and shuts down the client on the runtime. Other tasks keep running meanwhile if the runtime has other threads.
async fn published_by_tasks(endpoint: &str) -> Result<u64, task::JoinError> {
    let telemetry = client(endpoint);
    let publish = |turn| {
        let telemetry = telemetry.clone();
        task::spawn(async move {
            task::yield_now().await;
            telemetry.publish(&Started { turn });
        })
    };
    let tasks: Vec<_> = (0..TASKS).map(publish).collect();
    for task in tasks {
        task.await?;
    }
    telemetry.flush(PATIENCE);
    telemetry.shutdown(PATIENCE);
    // What a flush returns lacks events that were answered before it was called.
    Ok(telemetry.counts().delivered())
}

fn timed(work: impl FnOnce()) -> u128 {
    let before = Instant::now();
    work();
    before.elapsed().as_millis()
}
