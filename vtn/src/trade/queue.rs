//! Orders that wait, and which of them may go next: what touches the same thing keeps its order,
//! everything else does not wait for it. EI 1.0 EiTender, EiTransaction.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use oadr_platform::PartyId;

use super::admit::Order;

/// What an order touches.
type Touched = (PartyId, String);

/// Orders by their place. Each stands in the line of everything it touches and goes when it is
/// the first in all of them; so the work is in proportion to the orders, however many of them
/// touch the same thing.
pub(crate) struct Queue {
    touches: Vec<BTreeSet<Touched>>,
    lines: BTreeMap<Touched, VecDeque<usize>>,
    /// In how many lines an order is not yet the first.
    behind: Vec<usize>,
    ready: BTreeSet<usize>,
}

impl Queue {
    /// Orders in the order they came.
    pub(crate) fn new(orders: &[Order]) -> Self {
        let touches: Vec<BTreeSet<Touched>> =
            orders.iter().map(|order| order.touches().into_iter().collect()).collect();
        let mut lines: BTreeMap<Touched, VecDeque<usize>> = BTreeMap::new();
        let mut behind = vec![0; orders.len()];
        for (index, touches) in touches.iter().enumerate() {
            for one in touches {
                let line = lines.entry(one.clone()).or_default();
                behind[index] += usize::from(!line.is_empty());
                line.push_back(index);
            }
        }
        let ready = (0..orders.len()).filter(|index| behind[*index] == 0).collect();
        Self { touches, lines, behind, ready }
    }

    /// The first order that may go now. Whoever takes it tells when it is [`Queue::done`].
    pub(crate) fn next(&mut self) -> Option<usize> {
        self.ready.pop_first()
    }

    /// What this order touches can be touched again.
    pub(crate) fn done(&mut self, index: usize) {
        for one in std::mem::take(&mut self.touches[index]) {
            let Some(line) = self.lines.get_mut(&one) else { continue };
            line.pop_front();
            let Some(next) = line.front() else { continue };
            self.behind[*next] -= 1;
            if self.behind[*next] == 0 {
                self.ready.insert(*next);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use oadr_platform::market::TenderRef;

    use super::*;

    fn cancel(tender: &str) -> Order {
        Order::Cancel(TenderRef { party: "ven-a".into(), tender: tender.into() })
    }

    #[test]
    fn what_touches_the_same_keeps_its_order_and_the_rest_does_not_wait() {
        let mut queue = Queue::new(&["t1", "t1", "t2", "t1", "t2"].map(cancel));
        assert_eq!((queue.next(), queue.next(), queue.next()), (Some(0), Some(2), None));
        queue.done(2);
        assert_eq!((queue.next(), queue.next()), (Some(4), None));
        queue.done(0);
        assert_eq!((queue.next(), queue.next()), (Some(1), None));
        queue.done(1);
        assert_eq!(queue.next(), Some(3));
    }

    #[test]
    fn a_hundred_thousand_that_touch_the_same_are_through_in_as_many_steps() {
        let orders = vec![cancel("t1"); 100_000];
        let mut queue = Queue::new(&orders);
        for index in 0..orders.len() {
            assert_eq!(queue.next(), Some(index));
            queue.done(index);
        }
        assert_eq!(queue.next(), None);
    }
}
