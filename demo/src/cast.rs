//! Everybody on stage: a CA, a VTN with its market, five VENs; each VEN a task of its own with a
//! store of its own, talking to the VTN over mutual TLS on loopback.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use oadr_certs::Identity;
use oadr_certs::dev::{Ca, KeyKind, Role, Validity};
use oadr_certs::tls::{self, ClientSettings, TimeSource};
use oadr_platform::market::Matcher;
use oadr_platform::prosumer::site::Simulator;
use oadr_store::{Options, Store};
use oadr_transport::{BaseUrl, Client, ClientLimits, ClientSecurity, Clock, Random, TcpConnect};
use oadr_ven::{Handle, Surroundings, Ven, Wire};
use oadr_vtn::Hooks;
use oadr_vtn::operator::Config;
use oadr_vtn::operator::program::{Parts, Running, start_with};
use oadr_vtn::record::Enrolment;
use rand::SeedableRng;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::sites::{SITES, Site};

pub type Failed = Box<dyn Error + Send + Sync>;

/// A VEN on stage.
pub struct Member {
    pub site: &'static Site,
    pub handle: Handle,
    pub simulator: Arc<Simulator>,
    task: JoinHandle<Result<(), oadr_ven::Error>>,
}

/// Everybody.
pub struct Cast {
    pub vtn: Running,
    pub members: Vec<Member>,
    stop: watch::Sender<bool>,
}

/// What the day is set up with.
pub struct Setting<'a> {
    pub dir: &'a Path,
    pub clock: Arc<dyn Clock>,
    pub seed: u64,
}

impl Cast {
    /// Certificates, the VTN, its enrolments, the VENs; they register by themselves.
    pub async fn gather(setting: &Setting<'_>) -> Result<Self, Failed> {
        let now = setting.clock.now();
        let ca = Ca::new(Validity::days(now, 30))?;
        ca.save(&setting.dir.join("ca"), true)?;
        let config = crate::files::vtn(setting.dir, &ca)?;
        let hooks =
            Hooks { market: Arc::new(Matcher::operated_by("utility".into())), ..Hooks::default() };
        let random = Random::seed_from_u64(setting.seed);
        let vtn =
            start_with(config, Parts { clock: Arc::clone(&setting.clock), hooks, random }).await?;
        let stop = watch::Sender::new(false);
        let mut members = Vec::new();
        for (site, number) in SITES.iter().zip(1..) {
            let identity = ca.issue(Role::Ven, site.ven, KeyKind::Ecc, &[])?;
            enrol(&vtn, site, &identity).await?;
            let way = Way { vtn: &vtn, ca: &ca, identity };
            let simulator = Arc::new(site.simulator(now)?);
            let there = (site, Arc::clone(&simulator));
            let ven = open(setting, there, way, setting.seed + number).await?;
            members.push(play(ven, (site, simulator), stop.subscribe()));
        }
        Ok(Self { vtn, members, stop })
    }

    /// Ends the VENs, then the VTN. Returns the size of its store in bytes.
    pub async fn dismiss(self, dir: &Path) -> Result<u64, Failed> {
        self.stop.send_replace(true);
        for member in self.members {
            member.task.await??;
        }
        self.vtn.stop().await?;
        Ok(std::fs::metadata(dir.join("vtn-store/store.redb"))?.len())
    }
}

async fn enrol(vtn: &Running, site: &Site, identity: &Identity) -> Result<(), Failed> {
    let enrolment = Enrolment {
        fingerprint: identity.thumbprint().fingerprint(),
        ven_id: Some(site.ven.to_owned()),
        name: Some(site.name.to_owned()),
        groups: site.groups.iter().map(|g| (*g).to_owned()).collect(),
    };
    vtn.vtn().enrol_ven(enrolment).await?;
    Ok(())
}

/// How a VEN reaches the VTN.
struct Way<'a> {
    vtn: &'a Running,
    ca: &'a Ca,
    identity: Identity,
}

async fn open(
    setting: &Setting<'_>,
    (site, prosumer): (&Site, Arc<Simulator>),
    way: Way<'_>,
    seed: u64,
) -> Result<Ven, Failed> {
    let clock = Arc::clone(&setting.clock);
    let time = Arc::clone(&clock);
    let mut tls_settings = ClientSettings::new(way.identity, way.ca.roots());
    tls_settings.server_pin = way.vtn.certificates().first().map(|c| c.thumbprint.into());
    let options = tls::ClientOptions {
        time: Some(TimeSource::new(move || time.now())),
        ..tls::ClientOptions::default()
    };
    let config = tls::client_config_with(tls_settings, options)?;
    let security = ClientSecurity::tls(move || Arc::clone(&config));
    let client = Client::new(TcpConnect, security, ClientLimits::default(), Arc::clone(&clock));
    let base: BaseUrl = format!("https://localhost:{}/", way.vtn.ven_address().port()).parse()?;
    let store = Store::open(setting.dir.join(site.ven), Options::default())?;
    let link = Arc::new(Wire::new(client, base, store.clone())?);
    let settings = oadr_ven::Settings {
        name: site.name.to_owned(),
        ven_id: Some(site.ven.to_owned()),
        query_first: true,
        sample_every: Some(std::time::Duration::from_secs(300)),
        ask_site_every: std::time::Duration::from_secs(600),
        ..oadr_ven::Settings::default()
    };
    let random = Random::seed_from_u64(seed);
    Ok(Ven::open(settings, Surroundings { store, prosumer, link, clock, random }).await?)
}

fn play(
    mut ven: Ven,
    (site, simulator): (&'static Site, Arc<Simulator>),
    mut stop: watch::Receiver<bool>,
) -> Member {
    let handle = ven.handle();
    let task = tokio::spawn(async move {
        let over = async move {
            // An error is the sender gone: the same thing.
            let _ = stop.wait_for(|stop| *stop).await;
        };
        ven.run(over).await
    });
    Member { site, handle, simulator, task }
}

/// Reads the configuration for those who want to look at the VTN afterwards.
pub fn config_of(dir: &Path) -> Result<Config, Failed> {
    Ok(Config::read(&dir.join("vtn.toml"))?)
}

/// When the day begins: a Tuesday in winter, as in the meter data.
pub fn dawn() -> Result<Timestamp, Failed> {
    Ok("2026-01-13T00:00:00Z".parse()?)
}
