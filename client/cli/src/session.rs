//! A conversation with a chain: connected, known, and able to sign.

use std::{future::Future, io::IsTerminal, path::PathBuf, time::Duration};

use faultline_client::{
    known::{Acquaintance, KnownChains},
    Call, ChainKind, Client, Key, Recorded, Signed,
};
use faultline_primitives::ServiceId;
use faultline_rpc::{
    view::{At, Page, ServiceView},
    FaultlineRpcClient,
};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    options::Options,
    output,
    trouble::{Result, Trouble},
};

/// A connection to the node that the options name.
pub struct Session {
    pub client: Client,
    pub json: bool,
    key: Option<String>,
    timeout: Duration,
}

impl Session {
    /// Connects, and makes sure that the node is of the chain that it should be of.
    pub async fn open(options: &Options) -> Result<Self> {
        let client = Client::connect(&options.node).await?;
        let mut known = KnownChains::read(&home()?).map_err(faultline_client::Error::from)?;
        match known.check(&client, options.genesis)? {
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
            key: options.key.clone(),
            timeout: options.timeout,
        })
    }

    /// The key that signs.
    pub fn key(&self) -> Result<Key> {
        let name = self.key.as_deref().ok_or(faultline_client::key::KeyError::None)?;
        Ok(Key::named(name)?)
    }

    /// Signs, submits, and waits until it is final.
    pub async fn execute(&self, call: &Call) -> Result<Recorded> {
        let signed = self.client.send(call, &self.key()?).await?;
        self.wait(&signed).await
    }

    /// Waits until it is final; says so meanwhile, if somebody looks.
    pub async fn wait(&self, signed: &Signed) -> Result<Recorded> {
        let spinner = spinner(format!("Submitted {}: waiting until it is final", signed.hash()));
        let outcome = self.client.wait(signed, self.timeout).await;
        spinner.finish_and_clear();
        Ok(outcome?)
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

    /// A service by its slug.
    pub async fn service(&self, slug: &str) -> Result<At<ServiceView>> {
        Ok(self.client.answer(self.client.rpc().service(slug.into())).await?)
    }

    /// The number of a service.
    pub async fn service_id(&self, slug: &str) -> Result<ServiceId> {
        Ok(self.service(slug).await?.data.id)
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
