//! Which of several nodes to talk to: the first named that is of the chain and up with it.

use faultline_primitives::Hash;

/// Finalized blocks by which a node may lie behind another before that one is asked in its place: half a minute.
pub(crate) const FAR: u32 = 10;

/// How a node says that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Its chain.
    pub genesis: Hash,
    /// Its newest finalized block.
    pub finalized: u32,
    /// Whether it is still catching up, as it says itself.
    pub syncing: bool,
}

/// What speaks against a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// It is of another chain, of this genesis.
    OtherChain(Hash),
    /// It is still catching up.
    Syncing,
    /// Another one is far ahead of it, at this block.
    Behind(u32),
    /// Another one had a later block final before, this one.
    Before(u32),
}

/// The node that is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// Its place among those asked.
    pub node: usize,
    /// What speaks against it, where nothing better is there.
    pub doubt: Option<Doubt>,
    /// Those that answered and are not taken for a reason, by place.
    pub passed_over: Vec<(usize, Doubt)>,
}

/// Why none is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoChoice {
    /// None answers.
    Nobody,
    /// These two are of different chains, and it was not said which is meant.
    Differ(usize, usize),
    /// Those that answer are of another chain than was asked for; the first of them.
    OtherChain(usize),
}

/// Chooses among nodes in order of preference; none stands for one that does not answer. `seen` is the latest block that
/// any node was seen to have made final: one that is not that far yet would say that something is not there which is.
pub(crate) fn choose(
    nodes: &[Option<Standing>],
    genesis: Option<Hash>,
    seen: u32,
) -> Result<Choice, NoChoice> {
    let answered = || {
        let nodes = nodes.iter().enumerate();
        nodes.filter_map(|(place, standing)| Some((place, (*standing)?)))
    };
    let (first, of_first) = answered().next().ok_or(NoChoice::Nobody)?;
    let genesis = match genesis {
        Some(genesis) => genesis,
        None => match answered().find(|(_, other)| other.genesis != of_first.genesis) {
            Some((other, _)) => return Err(NoChoice::Differ(first, other)),
            None => of_first.genesis,
        },
    };
    let newest = answered()
        .filter(|(_, standing)| standing.genesis == genesis)
        .map(|(_, standing)| standing.finalized)
        .max()
        .ok_or(NoChoice::OtherChain(first))?;
    let doubt = |standing: &Standing| {
        if standing.genesis != genesis {
            Some(Doubt::OtherChain(standing.genesis))
        } else if standing.syncing {
            Some(Doubt::Syncing)
        } else if standing.finalized.saturating_add(FAR) < newest {
            Some(Doubt::Behind(newest))
        } else if standing.finalized < seen {
            Some(Doubt::Before(seen))
        } else {
            None
        }
    };
    let fit = answered().find(|(_, standing)| doubt(standing).is_none());
    // Where none is fit, the one that is farthest; of several, the first.
    let farthest =
        answered().find(|(_, standing)| standing.genesis == genesis && standing.finalized == newest);
    let (node, standing) = fit.or(farthest).ok_or(NoChoice::Nobody)?;
    let passed_over = answered()
        .filter(|(place, _)| *place != node)
        .filter_map(|(place, standing)| Some((place, doubt(&standing)?)))
        // Whoever comes after the one that is taken was not asked for; but that it is of another chain is no chance.
        .filter(|(place, doubt)| *place < node || matches!(doubt, Doubt::OtherChain(_)))
        .collect();
    Ok(Choice {
        node,
        doubt: doubt(&standing),
        passed_over,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: Hash = Hash([1; 32]);
    const OTHER: Hash = Hash([2; 32]);

    fn at(finalized: u32) -> Standing {
        Standing {
            genesis: OURS,
            finalized,
            syncing: false,
        }
    }

    fn taken(nodes: &[Option<Standing>], genesis: Option<Hash>, seen: u32) -> (usize, Option<Doubt>) {
        let choice = choose(nodes, genesis, seen).unwrap();
        (choice.node, choice.doubt)
    }

    #[test]
    fn the_first_named_is_taken_even_where_another_is_a_little_ahead() {
        assert_eq!(taken(&[Some(at(7)), Some(at(7 + FAR))], None, 7), (0, None));
        assert_eq!(
            choose(&[None, Some(at(7)), Some(at(9))], None, 0).map(|choice| choice.passed_over),
            Ok(Vec::new()),
            "one that does not answer is no doubtful one"
        );
    }

    #[test]
    fn one_that_is_syncing_far_behind_or_of_another_chain_is_passed_over() {
        let syncing = Standing {
            syncing: true,
            ..at(50)
        };
        let other = Standing {
            genesis: OTHER,
            ..at(90)
        };
        let nodes = [syncing, at(50 - FAR - 1), other, at(49), at(50)].map(Some);
        let choice = choose(&nodes, Some(OURS), 48).unwrap();
        assert_eq!((choice.node, choice.doubt), (3, None));
        assert_eq!(
            choice.passed_over,
            [
                (0, Doubt::Syncing),
                (1, Doubt::Behind(50)),
                (2, Doubt::OtherChain(OTHER))
            ]
        );
        // Another chain's blocks are no measure of ours.
        assert_eq!(taken(&[Some(at(7)), Some(other)], Some(OURS), 0), (0, None));
    }

    #[test]
    fn nothing_is_guessed_where_nodes_are_of_different_chains() {
        let other = Standing {
            genesis: OTHER,
            ..at(3)
        };
        let both = [None, Some(at(3)), Some(other)];
        assert_eq!(choose(&both, None, 0), Err(NoChoice::Differ(1, 2)));
        assert_eq!(taken(&both, Some(OTHER), 0), (2, None));
        assert_eq!(
            choose(&[Some(other)], Some(OURS), 0),
            Err(NoChoice::OtherChain(0))
        );
        assert_eq!(choose(&[None, None], None, 0), Err(NoChoice::Nobody));
    }

    #[test]
    fn where_no_node_is_fit_the_farthest_of_the_chain_is_taken_with_its_doubt() {
        let syncing = Standing {
            syncing: true,
            ..at(5)
        };
        assert_eq!(taken(&[Some(syncing)], None, 0), (0, Some(Doubt::Syncing)));
        assert_eq!(
            taken(&[Some(syncing), Some(at(9)), Some(at(8))], None, 12),
            (1, Some(Doubt::Before(12)))
        );
    }
}
