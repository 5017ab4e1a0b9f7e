//! Enumerations that people read and write by name.

/// An enumeration without fields, with the index of each variant in its encoding, its name, and all of them.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $index:literal,)* }) => {
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord,
            codec::Encode, codec::Decode, codec::DecodeWithMemTracking, codec::MaxEncodedLen, scale_info::TypeInfo,
        )]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        $(#[$doc])*
        pub enum $name {
            $($(#[$vdoc])* #[codec(index = $index)] $variant,)*
        }

        impl $name {
            /// All of them, in the order of their encoding.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name as it is written in JSON and on the command line.
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)* }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.name())
            }
        }

        /// Reads the name in any case, with or without hyphens.
        impl core::str::FromStr for $name {
            type Err = alloc::string::String;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let plain: alloc::string::String = text.chars().filter(|c| *c != '-' && *c != '_').collect();
                Self::ALL.iter().copied().find(|c| c.name().eq_ignore_ascii_case(&plain)).ok_or_else(|| {
                    alloc::format!("`{text}` is none of {}", [$(stringify!($variant)),*].join(", "))
                })
            }
        }
    };
}
pub(crate) use choice;
