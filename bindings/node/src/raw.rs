//! Raw Node-API calls, each wrapped once: the only place where values are taken apart and made.

use std::{
    ffi::{CStr, c_char, c_void},
    panic::{AssertUnwindSafe, catch_unwind},
    ptr, slice,
};

use napi::{Status, check_status, sys};

use crate::environment::Environment;

/// A raw function.
pub(crate) type Callback = unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value;

/// What JavaScript sees of a function that returns nothing.
pub(crate) const UNDEFINED: sys::napi_value = ptr::null_mut();

/// One call from JavaScript: its arguments and its environment.
pub(crate) struct Call<'a> {
    pub(crate) env: sys::napi_env,
    /// Where they were written: a copy would have to wait for that.
    arguments: &'a [sys::napi_value; 3],
    /// How many arguments there are.
    count: usize,
    pub(crate) environment: &'a mut Environment,
}

/// Runs a raw function's body. Unwinding stops here, `on_panic` answers it, and what the body
/// returns none for is undefined.
///
/// # Safety
/// `env` and `info` are those of a call that Node.js makes to a function made by [`export`].
pub(crate) unsafe fn enter(
    env: sys::napi_env,
    info: sys::napi_callback_info,
    body: impl FnOnce(&mut Call<'_>) -> Option<sys::napi_value>,
    on_panic: impl FnOnce(&mut Call<'_>),
) -> sys::napi_value {
    let mut arguments = [ptr::null_mut(); 3];
    let mut count = arguments.len();
    let mut data = ptr::null_mut();
    // SAFETY: the caller vouches for both handles; the out-pointers point at locals.
    let status =
        unsafe { sys::napi_get_cb_info(env, info, &mut count, arguments.as_mut_ptr(), ptr::null_mut(), &mut data) };
    if status != sys::Status::napi_ok || data.is_null() {
        return UNDEFINED;
    }
    // SAFETY: `export` made `data` from the environment's own allocation, which lives until no
    // JavaScript of this environment can run any more; JavaScript is single-threaded and no raw
    // function calls back into it, so nobody else holds a reference now.
    let environment = unsafe { &mut *data.cast::<Environment>() };
    let mut call = Call { env, arguments: &arguments, count, environment };
    match catch_unwind(AssertUnwindSafe(|| body(&mut call))) {
        Ok(value) => value.unwrap_or(UNDEFINED),
        Err(_) => {
            // A second panic while answering the first one must not leave this function either.
            let _ = catch_unwind(AssertUnwindSafe(|| on_panic(&mut call)));
            UNDEFINED
        }
    }
}

impl Call<'_> {
    /// An argument that is a number below 2^32.
    pub(crate) fn number(&self, index: usize) -> Option<u32> {
        let mut value = 0;
        // SAFETY: the argument is a value of this call, or null where too few were given, which
        // Node-API answers with a status.
        let status = unsafe { sys::napi_get_value_uint32(self.env, self.arguments[index], &mut value) };
        (status == sys::Status::napi_ok).then_some(value)
    }

    /// An argument that is any number, as an integer.
    pub(crate) fn long_number(&self, index: usize) -> Option<u64> {
        if index >= self.count {
            return None;
        }
        let mut value = 0.0;
        // SAFETY: as in `number`.
        let status = unsafe { sys::napi_get_value_double(self.env, self.arguments[index], &mut value) };
        (status == sys::Status::napi_ok).then_some(value as u64)
    }

    /// What an External made by [`Call::external`] points at; `T` must be what it was made from.
    pub(crate) fn pointer<T>(&self, index: usize) -> Option<*mut T> {
        let mut data = ptr::null_mut();
        // SAFETY: as in `number`.
        let status = unsafe { sys::napi_get_value_external(self.env, self.arguments[index], &mut data) };
        (status == sys::Status::napi_ok && !data.is_null()).then_some(data.cast())
    }

    /// The octets of an argument that is a Uint8Array, unless other threads may change them.
    ///
    /// # Safety
    /// They must not be used once JavaScript runs again: it may write to their memory, or give it away.
    pub(crate) unsafe fn octets<'o>(&self, index: usize) -> Option<&'o [u8]> {
        let (mut buffer, mut is_own) = (ptr::null_mut(), false);
        let (data, length) = self.typed_array(index, &mut buffer)?;
        // What a SharedArrayBuffer is not.
        // SAFETY: as in `number`; the buffer is the argument's.
        let status = unsafe { sys::napi_is_arraybuffer(self.env, buffer, &mut is_own) };
        if status != sys::Status::napi_ok || !is_own {
            return None;
        }
        if data.is_null() || length == 0 {
            return Some(&[]);
        }
        // SAFETY: Node-API gave pointer and length of memory that lives as long as the argument
        // does; the caller vouches for the rest.
        Some(unsafe { slice::from_raw_parts(data.cast::<u8>(), length) })
    }

    /// Memory of an argument that is a Uint8Array; JavaScript sees to it that it stays its memory.
    pub(crate) fn shared(&self, index: usize) -> Option<Shared> {
        let (data, length) = self.typed_array(index, ptr::null_mut())?;
        if data.is_null() {
            return None;
        }
        let mut reference = ptr::null_mut();
        // SAFETY: as in `number`.
        let status = unsafe { sys::napi_create_reference(self.env, self.arguments[index], 1, &mut reference) };
        (status == sys::Status::napi_ok).then_some(Shared { env: self.env, reference, data, length })
    }

    /// Where the memory of an argument that is a typed array lies, its items, and, if asked for, its buffer.
    #[inline]
    fn typed_array(&self, index: usize, buffer: *mut sys::napi_value) -> Option<(*mut c_void, usize)> {
        let (mut length, mut data) = (0, ptr::null_mut());
        // SAFETY: as in `number`; the out-pointers point at locals, or are null where Node-API allows it.
        let status = unsafe {
            sys::napi_get_typedarray_info(
                self.env,
                self.arguments[index],
                ptr::null_mut(),
                &mut length,
                &mut data,
                buffer,
                ptr::null_mut(),
            )
        };
        (status == sys::Status::napi_ok).then_some((data, length))
    }

    /// Makes a number.
    pub(crate) fn integer(&self, value: u32) -> Option<sys::napi_value> {
        let mut result = ptr::null_mut();
        // SAFETY: the out-pointer points at a local.
        let status = unsafe { sys::napi_create_uint32(self.env, value, &mut result) };
        (status == sys::Status::napi_ok).then_some(result)
    }

    /// The argument itself.
    pub(crate) fn value(&self, index: usize) -> sys::napi_value {
        self.arguments[index]
    }

    /// Makes a string, one octet a code unit.
    pub(crate) fn latin1(&self, octets: &[u8]) -> Option<sys::napi_value> {
        let mut value = ptr::null_mut();
        // SAFETY: pointer and length are those of a slice.
        let status = unsafe {
            sys::napi_create_string_latin1(
                self.env,
                octets.as_ptr().cast::<c_char>(),
                octets.len() as isize,
                &mut value,
            )
        };
        (status == sys::Status::napi_ok).then_some(value)
    }

    /// Makes an External that owns `content` and drops it when it is collected.
    pub(crate) fn external<T>(&self, content: Box<T>) -> Option<sys::napi_value> {
        unsafe extern "C" fn drop_content<T>(_: sys::napi_env, data: *mut c_void, _: *mut c_void) {
            // SAFETY: `data` came from `Box::into_raw` below, and Node-API finalises it once.
            let content = unsafe { Box::from_raw(data.cast::<T>()) };
            let _ = catch_unwind(AssertUnwindSafe(|| drop(content)));
        }
        let data = Box::into_raw(content);
        let mut value = ptr::null_mut();
        // SAFETY: the finaliser fits the data.
        let status = unsafe {
            sys::napi_create_external(self.env, data.cast(), Some(drop_content::<T>), ptr::null_mut(), &mut value)
        };
        if status != sys::Status::napi_ok {
            // SAFETY: no External took it.
            drop(unsafe { Box::from_raw(data) });
            return None;
        }
        Some(value)
    }
}

/// Writes a string's code units into `units`; returns how many there are, at most one less than fit.
pub(crate) fn utf16(env: sys::napi_env, value: sys::napi_value, units: &mut [u16]) -> Option<usize> {
    let mut length = 0;
    // SAFETY: pointer and length are those of a slice; the value is checked by Node-API.
    let status = unsafe { sys::napi_get_value_string_utf16(env, value, units.as_mut_ptr(), units.len(), &mut length) };
    (status == sys::Status::napi_ok).then_some(length)
}

/// Memory of JavaScript's that this side may use as long as it holds it.
pub(crate) struct Shared {
    env: sys::napi_env,
    reference: sys::napi_ref,
    data: *mut c_void,
    length: usize,
}

impl Shared {
    /// Makes a typed array over new memory of this many octets, and holds it.
    pub(crate) fn new(
        env: sys::napi_env,
        kind: sys::napi_typedarray_type,
        octets: usize,
        items: usize,
    ) -> napi::Result<Shared> {
        let mut data = ptr::null_mut();
        let mut buffer = ptr::null_mut();
        let mut array = ptr::null_mut();
        let mut reference = ptr::null_mut();
        // SAFETY: `env` is live (this runs within its calls) and the out-pointers point at locals.
        unsafe {
            check_status!(sys::napi_create_arraybuffer(env, octets, &mut data, &mut buffer))?;
            check_status!(sys::napi_create_typedarray(env, kind, items, buffer, 0, &mut array))?;
            check_status!(sys::napi_create_reference(env, array, 1, &mut reference))?;
        }
        Ok(Shared { env, reference, data, length: octets })
    }

    /// The typed array.
    pub(crate) fn value(&self) -> sys::napi_value {
        let mut value = ptr::null_mut();
        // SAFETY: the reference is strong and lives as long as `self`.
        unsafe { sys::napi_get_reference_value(self.env, self.reference, &mut value) };
        value
    }

    /// The memory as octets.
    pub(crate) fn octets(&mut self) -> &mut [u8] {
        // SAFETY: the buffer is held by the reference, and JavaScript does not run while Rust holds the
        // slice. Nobody detaches the buffers made by `new`, which the facade keeps to itself; one that came
        // from JavaScript the facade replaces before the next call if somebody did.
        unsafe { slice::from_raw_parts_mut(self.data.cast::<u8>(), self.length) }
    }

    /// The memory as words.
    pub(crate) fn words(&mut self) -> &mut [u32] {
        // SAFETY: as in `octets`; memory of an ArrayBuffer is aligned for every kind of item.
        unsafe { slice::from_raw_parts_mut(self.data.cast::<u32>(), self.length / 4) }
    }

    /// Lets JavaScript collect it.
    pub(crate) fn release(&self) {
        // SAFETY: the reference came with this value, however that was made, and is deleted once: nobody uses a value
        // that was released.
        unsafe { sys::napi_delete_reference(self.env, self.reference) };
    }
}

/// Makes a function of an environment and puts it on an object.
pub(crate) fn export(
    env: sys::napi_env,
    target: sys::napi_value,
    name: &CStr,
    callback: Callback,
    environment: *mut Environment,
) -> napi::Result<()> {
    let mut function = ptr::null_mut();
    // SAFETY: handles of a running call, a NUL-terminated name, and data that lives as long as any
    // JavaScript of the environment can call the function.
    unsafe {
        check_status!(sys::napi_create_function(
            env,
            name.as_ptr(),
            -1,
            Some(callback),
            environment.cast(),
            &mut function
        ))?;
        check_status!(sys::napi_set_named_property(env, target, name.as_ptr(), function))
    }
}

/// Has `hook` called with `data` when the environment is torn down.
pub(crate) fn on_teardown(
    env: sys::napi_env,
    hook: unsafe extern "C" fn(*mut c_void),
    data: *mut c_void,
) -> napi::Result<()> {
    // SAFETY: `env` is live; Node-API calls the hook once.
    let status = unsafe { sys::napi_add_env_cleanup_hook(env, Some(hook), data) };
    if status == sys::Status::napi_ok { Ok(()) } else { Err(napi::Error::from_status(Status::from(status))) }
}
