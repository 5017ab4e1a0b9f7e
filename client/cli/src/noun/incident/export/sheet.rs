//! Incidents in a format that programs read, written as they come.

use std::io::{self, Write};

use csv::{Terminator, WriterBuilder};
use faultline_primitives::Hash;
use faultline_rpc::{
    view::{BlockView, IncidentView},
    IncidentFilter,
};
use serde_json::json;

use super::{
    row::{cells, COLUMNS},
    Format,
};
use crate::output::SCHEMA_VERSION;

/// A document under way.
pub enum Sheet<W: Write> {
    /// One JSON document.
    Document { out: W, begun: bool },
    /// JSON, an incident a line.
    Lines { out: W, genesis: Hash },
    /// A table.
    Table {
        out: Box<csv::Writer<W>>,
        genesis: String,
    },
}

impl<W: Write> Sheet<W> {
    /// Begins a document of a chain: of what a filter matches, or else of incidents named by number.
    pub fn begin(
        format: Format,
        mut out: W,
        genesis: &Hash,
        filter: Option<&IncidentFilter>,
    ) -> io::Result<Self> {
        Ok(match format {
            Format::Csv => {
                let mut out = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
                out.write_record(COLUMNS)?;
                Self::Table {
                    out: Box::new(out),
                    genesis: genesis.to_string(),
                }
            }
            Format::Ndjson => Self::Lines {
                out,
                genesis: *genesis,
            },
            // Reports are written by themselves.
            Format::Json | Format::Md => {
                let filter = serde_json::to_string(&filter)?;
                write!(
                    out,
                    "{{\"schemaVersion\":{SCHEMA_VERSION},\"genesis\":\"{genesis}\",\"filter\":{filter},\"data\":["
                )?;
                Self::Document { out, begun: false }
            }
        })
    }

    /// Adds an incident, and the block that it is true at.
    pub fn add(&mut self, at: &BlockView, incident: &IncidentView) -> io::Result<()> {
        match self {
            Self::Document { out, begun } => {
                let comma = if std::mem::replace(begun, true) { "," } else { "" };
                writeln!(out, "{comma}")?;
                serde_json::to_writer(out, &json!({ "at": at, "data": incident }))?;
                Ok(())
            }
            Self::Lines { out, genesis } => {
                let line = json!({
                    "schemaVersion": SCHEMA_VERSION, "genesis": genesis, "at": at, "data": incident,
                });
                serde_json::to_writer(&mut *out, &line)?;
                out.write_all(b"\n")
            }
            Self::Table { out, genesis } => Ok(out.write_record(cells(at, genesis, incident))?),
        }
    }

    /// Ends it; `last` is the newest block that it tells of.
    pub fn end(self, last: &BlockView) -> io::Result<W> {
        match self {
            Self::Document { mut out, .. } => {
                writeln!(out, "\n],\"at\":{}}}", serde_json::to_string(last)?)?;
                Ok(out)
            }
            Self::Lines { out, .. } => Ok(out),
            Self::Table { out, .. } => out.into_inner().map_err(csv::IntoInnerError::into_error),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::fixture;

    fn written(format: Format, incidents: &[IncidentView]) -> String {
        let filter = IncidentFilter {
            under: Some("openai".into()),
            ..IncidentFilter::default()
        };
        let genesis = Hash([7; 32]);
        let mut sheet = Sheet::begin(format, Vec::new(), &genesis, Some(&filter)).unwrap();
        for incident in incidents {
            sheet.add(&fixture::block(), incident).unwrap();
        }
        String::from_utf8(sheet.end(&fixture::block()).unwrap()).unwrap()
    }

    #[test]
    fn a_document_holds_each_incident_with_its_block_and_what_was_asked() {
        let incident = fixture::told().incident;
        let text = written(Format::Json, &[incident.clone(), incident]);
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["filter"], json!({ "under": "openai" }));
        assert_eq!(value["at"]["number"], fixture::block().number);
        assert_eq!(value["data"].as_array().map(Vec::len), Some(2));
        assert_eq!(value["data"][1]["at"]["number"], fixture::block().number);
        assert_eq!(value["data"][1]["data"]["verdict"], "Confirmed");
        let none: Value = serde_json::from_str(&written(Format::Json, &[])).unwrap();
        assert_eq!(none["data"], json!([]));
    }

    #[test]
    fn every_line_is_json_by_itself() {
        let incident = fixture::told().incident;
        let text = written(Format::Ndjson, &[incident.clone(), incident]);
        assert_eq!(text.lines().count(), 2);
        for line in text.lines() {
            let value: Value = serde_json::from_str(line).unwrap();
            assert_eq!(value["at"]["number"], fixture::block().number);
            assert_eq!(value["data"]["verdict"], "Confirmed");
        }
        assert_eq!(written(Format::Ndjson, &[]), "");
    }

    #[test]
    fn a_table_is_rfc_4180_with_its_columns_above() {
        let mut incident = fixture::told().incident;
        let Some(voice) = incident.voices.first_mut() else {
            panic!("it has voices")
        };
        voice.name = "North, \"watch\"".into();
        let text = written(Format::Csv, &[incident]);
        insta::assert_snapshot!(text);
        assert!(text.lines().count() == 2 && text.matches("\r\n").count() == 2);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let row = reader.records().next().unwrap().unwrap();
        assert_eq!(row.len(), COLUMNS.len());
        assert!(
            row.iter().any(|cell| cell.starts_with("North, \"watch\"; ")),
            "{row:?}"
        );
    }
}
