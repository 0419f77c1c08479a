//! Which endpoint an event goes to, and which events may share a request.

#[cfg(feature = "v1")]
use crate::json;
use crate::request::{Project, Wire};
#[cfg(feature = "v1")]
use crate::request::{names, v1};

/// What is put into one request of AI events; one that is larger goes alone.
const MAX_AI_BYTES: usize = 5_000_000;

/// Where an event goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// The endpoint for replays, one by one.
    Replay,
    /// The endpoint for AI events, which are larger than others.
    Ai,
    /// `/batch/`.
    Batch,
    /// The newer endpoint, whose answers name events.
    #[cfg(feature = "v1")]
    V1,
}

impl Project {
    /// Where this event goes. The newer endpoint may hand AI events on to another, which `capture`
    /// does not ask for.
    pub fn route(&self, event: &Wire) -> Route {
        if event.is_replay() {
            return Route::Replay;
        }
        if event.is_ai() {
            return Route::Ai;
        }
        #[cfg(feature = "v1")]
        if self.protocol.is_v1() && !text_of(event, "event").is_some_and(|name| names::is_ai(&name))
        {
            return Route::V1;
        }
        Route::Batch
    }

    /// As few requests as it takes, whichever endpoints the events go to. What goes to the same one
    /// keeps its order.
    pub fn split_by_route(&self, events: &[(usize, &Wire)], most: usize) -> Vec<Vec<usize>> {
        let mut requests = Vec::new();
        let routes: Vec<Route> = events.iter().map(|(_, event)| self.route(event)).collect();
        let order = [
            #[cfg(feature = "v1")]
            Route::V1,
            Route::Batch,
            Route::Ai,
            Route::Replay,
        ];
        for route in order {
            let here = events.iter().zip(&routes).filter(|(_, of)| **of == route);
            let here = here.map(|(event, _)| *event);
            match route {
                Route::Ai => requests.extend(Self::split_within(here, most, MAX_AI_BYTES)),
                Route::Batch | Route::Replay => requests.extend(self.split(here, most)),
                #[cfg(feature = "v1")]
                Route::V1 => {
                    for list in v1::without_duplicates(here) {
                        requests.extend(self.split(list, most));
                    }
                }
            }
        }
        requests
    }
}

/// A member of an event that is a text.
#[cfg(feature = "v1")]
pub(super) fn text_of(event: &Wire, member: &str) -> Option<String> {
    json::object(event.text())?.get(member).and_then(json::unquote_string)
}
