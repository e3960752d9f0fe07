//! Tenders, transactions and quotes as products. EI 1.0 EiTender, EiTransaction,
//! EiQuote.

use super::ei::{EiQuote, EiTender, EiTransaction};
use super::emix::EmixBase;
use crate::emix::{Error, Product};

impl EiTender {
    /// A tender of a product.
    ///
    /// # Errors
    /// As [`Product::to_emix`].
    pub fn new(tender_id: impl Into<String>, product: &Product) -> Result<Self, Error> {
        Ok(Self { tender_id: tender_id.into(), emix_base: product.to_emix()? })
    }

    /// The product it offers.
    ///
    /// # Errors
    /// What keeps it from being a firm quantity over one interval, with its path.
    pub fn product(&self) -> Result<Product, Error> {
        Product::try_from(&self.emix_base).map_err(|error| error.within("eiTender"))
    }
}

impl EiTransaction {
    /// A transaction in a product, by accepting a tender.
    ///
    /// # Errors
    /// As [`Product::to_emix`].
    pub fn accepting(
        tender_id: impl Into<String>,
        transaction_id: impl Into<String>,
        product: &Product,
    ) -> Result<Self, Error> {
        Ok(Self {
            transaction_id: transaction_id.into(),
            tender_id: Some(tender_id.into()),
            emix_base: product.to_emix()?,
        })
    }

    /// The product that changes hands.
    ///
    /// # Errors
    /// As [`EiTender::product`].
    pub fn product(&self) -> Result<Product, Error> {
        Product::try_from(&self.emix_base).map_err(|error| error.within("eiTransaction"))
    }
}

impl EiQuote {
    /// The products it quotes.
    ///
    /// # Errors
    /// As [`EiTender::product`].
    pub fn products(&self) -> Result<Vec<Product>, Error> {
        let read =
            |base: &EmixBase| Product::try_from(base).map_err(|error| error.within("eiQuote"));
        self.emix_base.iter().map(read).collect()
    }
}
