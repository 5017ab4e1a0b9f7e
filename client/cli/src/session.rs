//! A conversation with a chain: connected, known, and able to sign.

use std::{
    future::Future,
    io::IsTerminal,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use faultline_client::{
    known::{Acquaintance, KnownChains},
    Call, ChainKind, Client, Key, Notice, Recorded, Signed,
};
use faultline_primitives::ServiceId;
use faultline_rpc::{
    view::{At, Page, ServiceDetail},
    FaultlineRpcClient,
};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    options::Options,
    output,
    signer::Signer,
    trouble::{Result, Trouble},
};

/// What turns on the terminal just now, so that it makes room for what is said meanwhile.
type Turning = Arc<Mutex<ProgressBar>>;

/// A connection to a chain, by the nodes that the options name.
pub struct Session {
    pub client: Client,
    pub json: bool,
    /// Whether nothing but the node's own word says which chain it is: at first contact, where no genesis hash was given.
    pub on_its_word: bool,
    /// Whether long answers go through a pager.
    pub paging: bool,
    signer: Signer,
    timeout: Duration,
    turning: Turning,
}

impl Session {
    /// Connects, and makes sure that the node is of the chain that it should be of.
    pub async fn open(options: &Options) -> Result<Self> {
        let nodes = options.nodes();
        if nodes.is_empty() {
            return Err(Trouble::usage("no node is named")
                .with_advice("Name one with --node or FAULTLINE_NODE: ws://127.0.0.1:9944"));
        }
        let mut known = KnownChains::read(&home()?).map_err(faultline_client::Error::from)?;
        // Of a single node it is judged below which chain it may be of; among several, those of another are left out.
        let several = nodes.len() > 1;
        let genesis = options.genesis.or_else(|| known.genesis_of(&nodes));
        let (turning, json) = (Turning::new(Mutex::new(ProgressBar::hidden())), options.json);
        let heard = turning.clone();
        let client = Client::connect_any(&nodes, genesis.filter(|_| several), move |notice| {
            heard
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .suspend(|| tell(json, notice));
        })
        .await?;
        let acquaintance = known.check(&client, options.genesis)?;
        match acquaintance {
            Acquaintance::Known => {}
            Acquaintance::New if client.kind() == ChainKind::Live => {
                output::talk(format_args!(
                    "First contact with {} (genesis {}): remembered.",
                    client.name(),
                    client.genesis()
                ));
            }
            Acquaintance::New => {}
            Acquaintance::BegunAnew => {
                output::talk(format_args!(
                    "The development chain at {} has begun anew since you were here.",
                    client.url()
                ));
            }
        }
        Ok(Self {
            client,
            json: options.json,
            on_its_word: acquaintance != Acquaintance::Known && options.genesis.is_none(),
            paging: !options.no_pager,
            signer: Signer::new(options),
            timeout: options.timeout,
            turning,
        })
    }

    /// The key that signs.
    pub fn key(&self) -> Result<Key> {
        self.signer.key()
    }

    /// Signs, submits, and waits until it is final.
    pub async fn execute(&self, call: &Call) -> Result<Recorded> {
        let key = self.key()?;
        let signed = self.client.send(call, &key).await?;
        self.see_through(call, &key, signed).await
    }

    /// Waits until a call that was signed and submitted is final; says so meanwhile, if somebody looks.
    pub async fn see_through(&self, call: &Call, key: &Key, signed: Signed) -> Result<Recorded> {
        let spinner = spinner(format!("Submitted {}: waiting until it is final", signed.hash()));
        self.turns(&spinner);
        let outcome = self.client.see_through(call, key, signed, self.timeout).await;
        spinner.finish_and_clear();
        Ok(outcome?)
    }

    /// This turns on the terminal from now on, and makes room for what is said meanwhile.
    pub fn turns(&self, bar: &ProgressBar) {
        *self.turning.lock().unwrap_or_else(PoisonError::into_inner) = bar.clone();
    }

    /// The items of all pages, as of the block of the last.
    pub async fn pages<T, F: Future<Output = Result<At<Page<T>>>>>(
        &self,
        page: impl Fn(Option<u32>) -> F,
    ) -> Result<At<Vec<T>>> {
        let (mut all, mut from) = (Vec::new(), None);
        loop {
            let At { at, data } = page(from).await?;
            all.extend(data.items);
            from = data.next;
            if from.is_none() {
                return Ok(At { at, data: all });
            }
        }
    }

    /// A service by its slug, with its latest incidents.
    pub async fn service(&self, slug: &str) -> Result<At<ServiceDetail>> {
        Ok(self.client.answer(self.client.rpc().service(slug.into())).await?)
    }

    /// The number of a service.
    pub async fn service_id(&self, slug: &str) -> Result<ServiceId> {
        Ok(self.service(slug).await?.data.service.id)
    }
}

/// Says what the client did by itself.
fn tell(json: bool, notice: &Notice) {
    match json {
        true => output::talk(serde_json::json!({
            "schemaVersion": output::SCHEMA_VERSION,
            "notice": { "kind": notice.kind(), "message": notice.to_string() },
        })),
        false => output::talk(notice),
    }
}

/// Something that turns on a terminal while one waits, and is nothing elsewhere.
pub fn spinner(message: String) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let spinner = ProgressBar::new_spinner().with_message(message);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        spinner.set_style(style);
    }
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}

/// Where the program keeps what it remembers: `FAULTLINE_HOME`, else `faultline` in the user's configuration folder.
fn home() -> Result<PathBuf> {
    std::env::var_os("FAULTLINE_HOME")
        .map(PathBuf::from)
        .or_else(|| dirs::config_dir().map(|folder| folder.join("faultline")))
        .ok_or_else(|| {
            Trouble::failed("known", "there is no folder to remember chains in")
                .with_advice("Name one by FAULTLINE_HOME.")
        })
}
