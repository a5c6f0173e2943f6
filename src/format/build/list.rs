//! Lists that grow by their type: each call of a chain wraps what there was, and nothing is allocated. You need them only
//! to name the type of a chain.

/// A list of lines or extensions in the making: none `()`, one more [`And`], or several [`AndAll`].
pub trait List<I> {
    /// How many there are.
    fn length(&self) -> usize;
    /// The one with this index.
    fn item(&self, index: usize) -> Option<I>;
}

/// A list and one more.
#[derive(Clone, Copy, Debug)]
pub struct And<L, I>(pub(super) L, pub(super) I);

/// A list and all of a slice.
#[derive(Debug)]
pub struct AndAll<'a, L, I>(pub(super) L, pub(super) &'a [I]);

impl<L: Clone, I> Clone for AndAll<'_, L, I> {
    fn clone(&self) -> Self {
        AndAll(self.0.clone(), self.1)
    }
}

impl<L: Copy, I> Copy for AndAll<'_, L, I> {}

impl<I> List<I> for () {
    fn length(&self) -> usize {
        0
    }

    fn item(&self, _: usize) -> Option<I> {
        None
    }
}

impl<L: List<I>, I: Copy> List<I> for And<L, I> {
    #[inline]
    fn length(&self) -> usize {
        self.0.length() + 1
    }

    #[inline]
    fn item(&self, index: usize) -> Option<I> {
        if index == self.0.length() { Some(self.1) } else { self.0.item(index) }
    }
}

impl<'a, L, N, V> List<(&'a [u8], &'a [u8])> for AndAll<'a, L, (N, V)>
where
    L: List<(&'a [u8], &'a [u8])>,
    N: AsRef<[u8]>,
    V: AsRef<[u8]>,
{
    fn length(&self) -> usize {
        self.0.length() + self.1.len()
    }

    fn item(&self, index: usize) -> Option<(&'a [u8], &'a [u8])> {
        match index.checked_sub(self.0.length()) {
            Some(index) => self.1.get(index).map(|(name, value)| (name.as_ref(), value.as_ref())),
            None => self.0.item(index),
        }
    }
}

/// The list's items in order.
pub(super) fn iter<I>(list: impl List<I>) -> impl Iterator<Item = I> {
    (0..).map_while(move |index| list.item(index))
}
