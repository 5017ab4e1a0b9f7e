//! Faultline's own metrics, beside those of the SDK.

use std::time::Duration;

use substrate_prometheus_endpoint::{
    register, Counter, CounterVec, Gauge, GaugeVec, Opts, PrometheusError, Registry, F64, U64,
};

use super::ask::Validators;

/// Where a transaction, or one report of several in a transaction, was refused.
#[derive(Clone, Copy, Debug)]
pub enum Stage {
    /// By this node, before any block.
    Pool,
    /// In a block that is final.
    Block,
}

/// What is counted of the chain. Nothing is done where nobody asked for metrics.
pub struct Metrics {
    incidents: Gauge<U64>,
    attestations: Counter<U64>,
    lag_blocks: Gauge<U64>,
    lag_seconds: Gauge<F64>,
    validators: GaugeVec<U64>,
}

impl Metrics {
    /// Registers them.
    ///
    /// # Errors
    ///
    /// Another metric of one of the names.
    pub fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        Ok(Self {
            incidents: register(
                Gauge::new(
                    "faultline_incidents",
                    "Incidents recorded on the chain, as of its final block",
                )?,
                registry,
            )?,
            attestations: register(
                Counter::new(
                    "faultline_attestations_total",
                    "Entries appended to incidents in blocks that became final since this node started",
                )?,
                registry,
            )?,
            lag_blocks: register(
                Gauge::new(
                    "faultline_finality_lag_blocks",
                    "Blocks by which the final block is behind the best",
                )?,
                registry,
            )?,
            lag_seconds: register(
                Gauge::new(
                    "faultline_finality_lag_seconds",
                    "Seconds since the final block was made",
                )?,
                registry,
            )?,
            validators: register(
                GaugeVec::new(
                    Opts::new(
                        "faultline_validators",
                        "Validators as of the final block: approved by the council, active in this session, \
                         and of these disabled",
                    ),
                    &["state"],
                )?,
                registry,
            )?,
        })
    }

    /// How many incidents there are.
    pub fn set_incidents(&self, count: u64) {
        self.incidents.set(count);
    }

    /// So many entries became final.
    pub fn add_entries(&self, count: u64) {
        self.attestations.inc_by(count);
    }

    /// How far finality is behind. The age of a chain that has nothing but its genesis is unknown.
    pub fn set_lag(&self, blocks: u32, age: Option<Duration>) {
        self.lag_blocks.set(blocks.into());
        if let Some(age) = age {
            self.lag_seconds.set(age.as_secs_f64());
        }
    }

    /// Who the validators are.
    pub fn set_validators(&self, validators: &Validators) {
        let count = |what: fn(&super::ask::Validator) -> bool| {
            let found = validators.list.iter().filter(|validator| what(validator)).count();
            u64::try_from(found).unwrap_or(u64::MAX)
        };
        let states = [
            ("approved", count(|validator| validator.approved)),
            ("active", count(|validator| validator.active)),
            (
                "disabled",
                count(|validator| validator.active && validator.disabled),
            ),
        ];
        for (state, count) in states {
            self.validators.with_label_values(&[state]).set(count);
        }
    }
}

/// Counts what is refused, by stage and cause.
#[derive(Clone, Default)]
pub struct Refused(Option<CounterVec<U64>>);

impl Refused {
    /// Registers the counter, with a zero for each cause that is known beforehand: a rate can only be taken of what is
    /// there before it happens.
    ///
    /// # Errors
    ///
    /// Another metric of this name.
    pub fn register(registry: Option<&Registry>, known: &[&str]) -> Result<Self, PrometheusError> {
        let Some(registry) = registry else {
            return Ok(Self(None));
        };
        let counter = CounterVec::new(
            Opts::new(
                "faultline_refused_total",
                "Transactions refused since this node started, by the stage at which and the cause for which; of \
                 several reports in one transaction each counts",
            ),
            &["stage", "cause"],
        )?;
        let refused = Self(Some(register(counter, registry)?));
        for cause in known {
            refused.add(Stage::Pool, cause, 0);
        }
        Ok(refused)
    }

    /// So many were refused.
    pub fn add(&self, stage: Stage, cause: &str, times: u64) {
        let stage = match stage {
            Stage::Pool => "pool",
            Stage::Block => "block",
        };
        if let Some(counter) = &self.0 {
            counter.with_label_values(&[stage, cause]).inc_by(times);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_there_from_the_start_with_a_help_text() {
        let registry = Registry::new();
        let metrics = Metrics::register(&registry).expect("the registry is empty");
        Refused::register(Some(&registry), &["Stale"]).expect("no other has this name");
        metrics.set_validators(&Validators::default());
        metrics.set_lag(0, None);

        let families = registry.gather();
        let named: Vec<_> = families.iter().map(|family| family.get_name()).collect();
        assert_eq!(
            named,
            [
                "faultline_attestations_total",
                "faultline_finality_lag_blocks",
                "faultline_finality_lag_seconds",
                "faultline_incidents",
                "faultline_refused_total",
                "faultline_validators",
            ]
        );
        assert!(families.iter().all(|family| !family.get_help().is_empty()));
    }
}
