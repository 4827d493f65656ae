//! Lists in order. The standard library's sort, and a set that is collected, which sorts, weigh a fortieth of what the page
//! loads; what is put in order here is short, or nearly in order.

use std::collections::BTreeSet;

/// Puts it into a list that is in order, behind all that are not greater. Where it stands there.
pub fn put<T, K: Ord>(list: &mut Vec<T>, item: T, key: impl Fn(&T) -> K) -> usize {
    let place = list.partition_point(|other| key(other) <= key(&item));
    list.insert(place, item);
    place
}

/// All of them, each once.
pub fn set_of(numbers: impl IntoIterator<Item = u32>) -> BTreeSet<u32> {
    let mut set = BTreeSet::new();
    set.extend(numbers);
    set
}

/// The lower one of those in the middle.
pub fn median(numbers: &[u64]) -> Option<u64> {
    let below = numbers.len().checked_sub(1)? / 2;
    let (mut low, mut high) = (0, u64::MAX);
    while low < high {
        let middle = low + (high - low) / 2;
        if numbers.iter().filter(|number| **number <= middle).count() > below {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(low)
}

#[cfg(test)]
mod tests {
    use super::{median, put};

    #[test]
    fn equal_ones_stay_as_they_came() {
        let mut list = Vec::new();
        for item in [(2, 'a'), (1, 'b'), (2, 'c'), (0, 'd'), (1, 'e')] {
            put(&mut list, item, |(key, _)| *key);
        }
        assert_eq!(list, [(0, 'd'), (1, 'b'), (1, 'e'), (2, 'a'), (2, 'c')]);
    }

    #[test]
    fn the_median_is_one_of_them() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[7]), Some(7));
        assert_eq!(median(&[9, 3]), Some(3));
        assert_eq!(median(&[5, 1, 5, u64::MAX, 0]), Some(5));
    }
}
