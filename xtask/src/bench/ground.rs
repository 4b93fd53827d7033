//! Everything that the contest needs beside the platform: registers, snapshots, and what Demur knows,
//! in files that the rivals can read. All of it lies in the platform's folder `bench`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use anyhow::{Context, Result, bail};

use super::objecting::{self, Persons};
use super::tables;
use crate::scale::PURPOSE;
use crate::scale::configuration::Configuration;
use crate::scale::measure::{self, Measured};
use crate::scale::platform::{Platform, Sizes};
use crate::shell;

/// Where people would click; nobody is sent there.
const SITE: &str = "\n[site]\nurl = \"http://127.0.0.1:1\"\ncontact = \"privacy@example.com\"\n";

/// A register of its own, with its configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    /// Nobody is protected from what others publish.
    Plain,
    /// What names or shows somebody who objected to that is dropped.
    ThirdParty,
    /// As plain; here people object after a set was built.
    Leaving,
}

impl Setting {
    const ALL: [Setting; 3] = [Setting::Plain, Setting::ThirdParty, Setting::Leaving];

    /// The name of its folder.
    fn name(self) -> &'static str {
        match self {
            Setting::Plain => "plain",
            Setting::ThirdParty => "third-party",
            Setting::Leaving => "leaving",
        }
    }
}

/// The platform, and what was made beside it.
pub(super) struct Ground {
    platform: Platform,
    folder: PathBuf,
    demur: PathBuf,
    /// What `demur --help`, `demur build --help` say, to see what this program can do.
    help: String,
    pub(super) persons: Persons,
}

impl Ground {
    /// Makes it, anew but for the platform itself. With `close_knit`, everybody who has several accounts
    /// wants not to be named by others, so that it matters who named whom.
    pub(super) fn prepare(
        target: &Path,
        demur: PathBuf,
        sizes: &Sizes,
        close_knit: bool,
    ) -> Result<Self> {
        if !demur.is_file() {
            bail!("{} is not there: `cargo build --release` makes it", demur.display());
        }
        let platform = Platform::prepare(target, sizes)?;
        let folder = platform.file("bench");
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
        }
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let persons = Persons::read(&platform.file("accounts.parquet"))?;
        let help = [&["--help"][..], &["build", "--help"]]
            .iter()
            .filter_map(|arguments| shell::ask(Command::new(&demur).args(*arguments)))
            .collect();
        let ground = Self { platform, folder, demur, help, persons };
        let mut objections = vec![ground.platform.file("objections.parquet")];
        if close_knit {
            let more = ground.file("close-knit.parquet");
            objecting::write_close_knit(&objections[0], &ground.persons, &more)?;
            objections.push(more);
        }
        let items = ground.file("items.parquet");
        objecting::write_items(sizes, &items)?;
        objecting::write(&objections, &ground.persons, &ground.file("objecting.parquet"))?;
        objections.push(items);
        ground.fill_registers(&objections)?;
        Ok(ground)
    }

    /// Imports once, and gives each setting a copy.
    fn fill_registers(&self, objections: &[PathBuf]) -> Result<()> {
        for setting in Setting::ALL {
            let rule = if setting == Setting::ThirdParty { "drop" } else { "keep" };
            let tenth = self.file("tenth.parquet");
            let tenth = tenth.to_str().context("the folder's name is not in Unicode")?;
            let configuration = Configuration {
                platform: self.platform.folder(),
                made: Path::new(""),
                corpora: &[("posts", "corpus/*.parquet"), ("extract", "extract.jsonl")],
                notices: false,
                persons: true,
                mentioned: rule,
                depicted: rule,
            };
            let mut text = configuration.text();
            if setting == Setting::Leaving {
                let at = Configuration {
                    platform: Path::new(""),
                    corpora: &[("tenth", tenth)],
                    ..configuration
                };
                text.push_str(&at.corpora_text());
                text.push_str(SITE);
            }
            let folder = self.file(setting.name());
            fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
            let file = folder.join("demur.toml");
            fs::write(&file, text).with_context(|| file.display().to_string())?;
        }
        for file in objections {
            self.demur(Setting::Plain, &["objection", "import", text(file)?])?;
        }
        for setting in [Setting::ThirdParty, Setting::Leaving] {
            for name in ["demur.db", "demur.key"] {
                let [from, to] = [Setting::Plain, setting].map(|s| self.file(s.name()).join(name));
                fs::copy(&from, &to).with_context(|| from.display().to_string())?;
            }
        }
        Ok(())
    }

    /// Something beside the platform.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The folder of the platform.
    pub(super) fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Where a setting's snapshot lies.
    pub(super) fn snapshot(&self, setting: Setting) -> PathBuf {
        self.file(setting.name()).join("given.snapshot")
    }

    /// Whether the program knows an option of `build`, or a command.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.help.split_whitespace().any(|known| known == word)
    }

    /// The folder of a setting: its configuration and its register.
    pub(super) fn folder_of(&self, setting: Setting) -> PathBuf {
        self.file(setting.name())
    }

    /// The program.
    pub(super) fn program(&self) -> &Path {
        &self.demur
    }

    /// Runs a command in a setting.
    pub(super) fn demur(&self, setting: Setting, arguments: &[&str]) -> Result<Measured> {
        measure::demur(&self.demur, &self.file(setting.name()), arguments)
    }

    /// Reads every input once, so that no engine finds it on the disk and another in memory.
    pub(super) fn warm_up(&self) -> Result<()> {
        let mut inputs = tables::files(&self.platform.file("corpus"), ".parquet")?;
        inputs.extend(["accounts.parquet", "extract.jsonl"].map(|name| self.platform.file(name)));
        for input in inputs {
            let mut file = fs::File::open(&input).with_context(|| input.display().to_string())?;
            io::copy(&mut file, &mut io::sink()).with_context(|| input.display().to_string())?;
        }
        Ok(())
    }

    /// Removes all but the platform itself.
    pub(super) fn clear(&self) -> Result<()> {
        fs::remove_dir_all(&self.folder).with_context(|| self.folder.display().to_string())
    }

    /// Compiles a setting's snapshot, to be given to builds.
    pub(super) fn compile(&self, setting: Setting) -> Result<Measured> {
        let to = self.snapshot(setting);
        self.demur(setting, &["snapshot", PURPOSE, "--to", text(&to)?])
    }
}

/// A path as an argument.
pub(super) fn text(path: &Path) -> Result<&str> {
    path.to_str().with_context(|| format!("{} is not in Unicode", path.display()))
}
