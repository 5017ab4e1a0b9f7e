//! The column families: one a question.

use rocksdb::{
    BlockBasedOptions, Cache, ColumnFamily, ColumnFamilyDescriptor, DBCompressionType, Options, DB,
};

use crate::Error;

/// Most memory for blocks that were read, in bytes, over all columns: it holds what is asked for of a million incidents.
const CACHE: usize = 256 << 20;
/// Memory for what is not yet in a table, in bytes, over all columns.
const BUFFER: usize = 32 << 20;
/// Files that are held open.
const OPEN_FILES: i32 = 512;

/// A column family. Numbers are big-endian, so that their order is that of the bytes; a *place* is that of
/// [`Position`](crate::Position), a *slug* is written so that what lies under one follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// What the index is and what it stands at: by the keys in `store.rs`.
    Meta,
    /// Incident → its record.
    Incidents,
    /// Service → its record and the roll of its incidents.
    Services,
    /// Organisation → its name.
    Organisations,
    /// Slug → service.
    Slugs,
    /// Parent or provider, service → nothing: which services belong to one.
    Relatives,
    /// Place → nothing: all incidents, newest start first.
    ByStart,
    /// Facets, place → nothing: by verdict, status, timeliness, kind and severity.
    ByFacets,
    /// Slug as a service's own or as what lies above it, facets or all, place → nothing.
    ByService,
    /// Organisation as opener or as attester, facets or all, place → nothing.
    ByOrganisation,
    /// Block of the last entry, incident → nothing.
    ByBlock,
}

impl Column {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Meta,
        Self::Incidents,
        Self::Services,
        Self::Organisations,
        Self::Slugs,
        Self::Relatives,
        Self::ByStart,
        Self::ByFacets,
        Self::ByService,
        Self::ByOrganisation,
        Self::ByBlock,
    ];

    /// The name of the column family.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Incidents => "incidents",
            Self::Services => "services",
            Self::Organisations => "organisations",
            Self::Slugs => "slugs",
            Self::Relatives => "relatives",
            Self::ByStart => "by-start",
            Self::ByFacets => "by-facets",
            Self::ByService => "by-service",
            Self::ByOrganisation => "by-organisation",
            Self::ByBlock => "by-block",
        }
    }

    /// The column family of an open database.
    pub fn of(self, db: &DB) -> Result<&ColumnFamily, Error> {
        db.cf_handle(self.name())
            .ok_or_else(|| Error::Damaged(format!("there is no column {}", self.name())))
    }
}

/// Opens the database with all columns, or makes it.
pub fn open(path: &std::path::Path) -> Result<DB, rocksdb::Error> {
    let mut options = Options::default();
    options.create_if_missing(true);
    options.create_missing_column_families(true);
    options.set_db_write_buffer_size(BUFFER);
    options.set_max_open_files(OPEN_FILES);
    options.set_keep_log_file_num(2);
    options.set_stats_dump_period_sec(0);
    let cache = Cache::new_lru_cache(CACHE);
    let columns = Column::ALL.iter().map(|column| {
        let mut blocks = BlockBasedOptions::default();
        blocks.set_block_cache(&cache);
        blocks.set_cache_index_and_filter_blocks(true);
        blocks.set_pin_l0_filter_and_index_blocks_in_cache(true);
        // For what is asked of by its whole key; the lists are walked.
        blocks.set_bloom_filter(10.0, false);
        let mut options = Options::default();
        options.set_block_based_table_factory(&blocks);
        options.set_compression_type(DBCompressionType::Snappy);
        ColumnFamilyDescriptor::new(column.name(), options)
    });
    DB::open_cf_descriptors(&options, path, columns)
}
