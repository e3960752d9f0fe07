//! Lists some at a time: `limit` and `after`, the cursor of the last one seen.

use serde::{Deserialize, Serialize};

use super::problem::Problem;

/// Where a page begins and how long it is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Paging {
    pub limit: Option<usize>,
    pub after: Option<String>,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// In order of their cursors.
    pub items: Vec<T>,
    /// What to ask `after` for the next page; `None`: this is the last one.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The same page of something else.
    pub(super) fn map<U>(self, to: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(to).collect(), next: self.next }
    }

    /// The same, if all can be told.
    pub(super) fn try_map<U, E>(self, to: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        let items = self.items.into_iter().map(to).collect::<Result<_, _>>()?;
        Ok(Page { items, next: self.next })
    }
}

impl Paging {
    /// At most so many.
    ///
    /// # Errors
    /// 400 if none or more than [`MOST`] are wanted.
    pub(super) fn limit(&self) -> Result<usize, Problem> {
        match self.limit {
            None => Ok(USUAL),
            Some(limit @ 1..=MOST) => Ok(limit),
            Some(_) => Err(Problem::bad_request(format!("limit: 1 to {MOST}")).at("limit")),
        }
    }

    /// One more than the limit: what tells whether there is another page.
    ///
    /// # Errors
    /// As [`limit`](Self::limit).
    pub(super) fn one_more(&self) -> Result<usize, Problem> {
        Ok(self.limit()? + 1)
    }

    /// After this one.
    pub(super) fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// A page out of what follows `after`, [`one_more`](Self::one_more) at most.
    ///
    /// # Errors
    /// As [`limit`](Self::limit).
    pub(super) fn page<T>(
        &self,
        mut items: Vec<T>,
        cursor: impl Fn(&T) -> String,
    ) -> Result<Page<T>, Problem> {
        let limit = self.limit()?;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(cursor) } else { None };
        Ok(Page { items, next })
    }

    /// A page out of all there is, in the order of names.
    ///
    /// # Errors
    /// As [`limit`](Self::limit).
    pub(super) fn cut<T>(
        &self,
        all: Vec<T>,
        name: impl Fn(&T) -> String,
    ) -> Result<Page<T>, Problem> {
        let after = |item: &T| self.after().is_none_or(|after| name(item).as_str() > after);
        let items = all.into_iter().filter(after).take(self.one_more()?).collect();
        self.page(items, name)
    }

    /// A page out of all there is, where the cursor is the place, from 1.
    ///
    /// # Errors
    /// As [`limit`](Self::limit) and [`place`](Self::place).
    pub(super) fn by_place<T>(&self, all: Vec<T>) -> Result<Page<T>, Problem> {
        let begin = self.place()?;
        let items: Vec<T> = all.into_iter().skip(begin).take(self.one_more()?).collect();
        let end = begin + items.len().min(self.limit()?);
        self.page(items, |_| end.to_string())
    }

    /// The number of the last one seen.
    ///
    /// # Errors
    /// 400 if `after` is not such a number.
    pub(super) fn number(&self) -> Result<Option<u64>, Problem> {
        let wrong = |_| Problem::bad_request("after: not a cursor of this list").at("after");
        self.after().map(|after| after.parse().map_err(wrong)).transpose()
    }

    /// How many were seen.
    ///
    /// # Errors
    /// 400 if `after` is not such a number.
    pub(super) fn place(&self) -> Result<usize, Problem> {
        let wrong = |_| Problem::bad_request("after: not a cursor of this list").at("after");
        self.after().map_or(Ok(0), |after| after.parse().map_err(wrong))
    }
}

/// How many if nobody says.
const USUAL: usize = 100;
/// How many at most.
pub(super) const MOST: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn paging(limit: Option<usize>, after: Option<&str>) -> Paging {
        Paging { limit, after: after.map(str::to_owned) }
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_overlap() {
        let letters = || ["a", "b", "c"].map(str::to_owned).to_vec();
        let page = |limit, after| paging(limit, after).cut(letters(), String::clone);
        let first = page(Some(2), None).unwrap();
        assert_eq!((first.items.len(), first.next.as_deref()), (2, Some("b")));
        let second = page(Some(2), Some("b")).unwrap();
        assert_eq!((second.items, second.next), (vec!["c".to_owned()], None));
        assert_eq!(page(Some(3), None).unwrap().next, None);
        assert_eq!(page(Some(0), None).err().unwrap().status, 400);
        assert_eq!(page(Some(MOST + 1), None).err().unwrap().status, 400);
    }

    #[test]
    fn pages_by_place_do_so_too() {
        let page = |after| paging(Some(2), after).by_place(vec![10, 20, 30, 40, 50]);
        let first = page(None).unwrap();
        assert_eq!((first.items, first.next.as_deref()), (vec![10, 20], Some("2")));
        let second = page(Some("2")).unwrap();
        assert_eq!((second.items, second.next.as_deref()), (vec![30, 40], Some("4")));
        assert_eq!(page(Some("4")).unwrap(), Page { items: vec![50], next: None });
        assert_eq!(page(Some("x")).err().unwrap().status, 400);
    }
}
