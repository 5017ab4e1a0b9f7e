//! The trait, read from its source.

use std::fmt;

use syn::{
    meta::ParseNestedMeta, punctuated::Punctuated, Attribute, Expr, ExprLit, FnArg, GenericArgument, Item,
    Lit, LitStr, Meta, Pat, PathArguments, ReturnType, Token, TraitItem, TraitItemFn, Type,
};

const SOURCE: &str = include_str!("../../src/lib.rs");
const TRAIT: &str = "FaultlineRpc";

/// The trait.
pub struct Contract {
    /// What the names of all its methods begin with.
    pub namespace: String,
    /// Its methods, in the order of the source.
    pub methods: Vec<Method>,
}

/// A method, or a subscription.
pub struct Method {
    /// Its name, without the namespace.
    pub name: String,
    /// What the source says of it: a line a paragraph.
    pub docs: Vec<String>,
    /// What it takes, by position.
    pub params: Vec<Param>,
    /// The type of what it gives: of `data` in its answer, or in each notification.
    pub gives: Written,
    /// How its notifications come, where it is a subscription.
    pub subscription: Option<Subscription>,
}

/// How notifications come. Both names are without the namespace.
pub struct Subscription {
    /// What the notifications are called.
    pub notification: String,
    /// What ends it.
    pub unsubscribe: String,
}

/// A parameter.
pub struct Param {
    /// Its name.
    pub name: String,
    /// Its type, where it is given.
    pub ty: Written,
    /// Whether it must be given.
    pub required: bool,
}

/// A type as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    name: String,
    of: Vec<Self>,
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match self.of.as_slice() {
            [] => Ok(()),
            [of] => write!(f, "<{of}>"),
            _ => panic!("{} is of several types, which nothing here is", self.name),
        }
    }
}

impl Written {
    fn new(ty: &Type) -> Self {
        let Type::Path(path) = ty else {
            panic!("a type of the trait is no name");
        };
        let last = path.path.segments.last().unwrap();
        let of = match &last.arguments {
            PathArguments::AngleBracketed(of) => of.args.iter().collect(),
            _ => Vec::new(),
        };
        let of = of.into_iter().filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(Self::new(ty)),
            _ => None,
        });
        Self {
            name: last.ident.to_string(),
            of: of.collect(),
        }
    }

    /// What `outer<…>` holds, where it is that.
    fn inside(&self, outer: &str) -> Option<Self> {
        match self.of.as_slice() {
            [of] if self.name == outer => Some(of.clone()),
            _ => None,
        }
    }

    /// What `At<…>` holds: every answer is one.
    fn answer(&self) -> Self {
        self.inside("At").expect("every answer names its block: At<…>")
    }
}

impl Contract {
    /// Reads the source.
    pub fn read() -> Self {
        let file = syn::parse_file(SOURCE).unwrap();
        let definition = file.items.into_iter().find_map(|item| match item {
            Item::Trait(definition) if definition.ident == TRAIT => Some(definition),
            _ => None,
        });
        let definition = definition.expect("the trait stands in lib.rs");
        let methods = definition.items.iter().filter_map(|item| match item {
            TraitItem::Fn(function) => Some(Method::new(function)),
            _ => None,
        });
        Self {
            namespace: namespace(&definition.attrs),
            methods: methods.collect(),
        }
    }

    /// A name with the namespace.
    pub fn full(&self, name: &str) -> String {
        format!("{}_{name}", self.namespace)
    }
}

/// What `cfg_attr(…, rpc(…, namespace = "…"))` says; the same wherever it is said.
fn namespace(attributes: &[Attribute]) -> String {
    let mut said = Vec::new();
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg_attr"))
    {
        let parts = attribute
            .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
            .unwrap();
        for part in parts {
            match part {
                Meta::List(list) if list.path.is_ident("rpc") => list
                    .parse_nested_meta(|meta| {
                        if meta.path.is_ident("namespace") {
                            said.push(text(&meta)?);
                        }
                        Ok(())
                    })
                    .unwrap(),
                _ => {}
            }
        }
    }
    said.dedup();
    match said.as_slice() {
        [one] => one.clone(),
        _ => panic!("the trait has one namespace, not {said:?}"),
    }
}

/// The text after `=`.
fn text(meta: &ParseNestedMeta<'_>) -> syn::Result<String> {
    Ok(meta.value()?.parse::<LitStr>()?.value())
}

impl Method {
    fn new(function: &TraitItemFn) -> Self {
        let docs = docs(&function.attrs);
        let params = function.sig.inputs.iter().filter_map(Param::new).collect();
        let attribute = |name: &str| {
            function
                .attrs
                .iter()
                .find(|attribute| attribute.path().is_ident(name))
        };
        if let Some(attribute) = attribute("subscription") {
            let (mut name, mut notification, mut unsubscribe, mut item) = Default::default();
            attribute
                .parse_nested_meta(|meta| {
                    if meta.path.is_ident("name") {
                        name = text(&meta)?;
                        meta.input.parse::<Token![=>]>()?;
                        notification = meta.input.parse::<LitStr>()?.value();
                    } else if meta.path.is_ident("unsubscribe") {
                        unsubscribe = text(&meta)?;
                    } else if meta.path.is_ident("item") {
                        item = Some(Written::new(&meta.value()?.parse()?));
                    } else {
                        return Err(meta.error("something that this test does not know yet"));
                    }
                    Ok(())
                })
                .unwrap();
            return Self {
                name,
                docs,
                params,
                gives: item.expect("a subscription has items").answer(),
                subscription: Some(Subscription {
                    notification,
                    unsubscribe,
                }),
            };
        }
        let attribute = attribute("method").expect("every function is a method or a subscription");
        let mut name = String::new();
        attribute
            .parse_nested_meta(|meta| {
                if !meta.path.is_ident("name") {
                    return Err(meta.error("something that this test does not know yet"));
                }
                name = text(&meta)?;
                Ok(())
            })
            .unwrap();
        let ReturnType::Type(_, result) = &function.sig.output else {
            panic!("{name} answers nothing");
        };
        let result = Written::new(result).inside("RpcResult");
        Self {
            name,
            docs,
            params,
            gives: result.expect("a method answers with an RpcResult").answer(),
            subscription: None,
        }
    }
}

impl Param {
    /// None of `self`.
    fn new(argument: &FnArg) -> Option<Self> {
        let FnArg::Typed(argument) = argument else {
            return None;
        };
        let Pat::Ident(name) = &*argument.pat else {
            panic!("a parameter has no name");
        };
        let ty = Written::new(&argument.ty);
        let optional = ty.inside("Option");
        Some(Self {
            name: name.ident.to_string(),
            required: optional.is_none(),
            ty: optional.unwrap_or(ty),
        })
    }
}

/// What is said of an item: each paragraph on a line.
fn docs(attributes: &[Attribute]) -> Vec<String> {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text), ..
            }) => Some(text.value().trim().to_string()),
            _ => None,
        },
        _ => None,
    });
    paragraphs(&lines.collect::<Vec<_>>().join("\n"))
}

/// The paragraphs of a text, each on a line.
pub fn paragraphs(text: &str) -> Vec<String> {
    let line = |paragraph: &str| paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    text.split("\n\n")
        .map(line)
        .filter(|paragraph| !paragraph.is_empty())
        .collect()
}
