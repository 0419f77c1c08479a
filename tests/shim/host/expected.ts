// What scenario.ts must say. Requests are their URL and their body; every time is "now".
const EU = "https://eu.i.posthog.com";
const capture = `${EU}/capture/ {"api_key":"phc_test","event":`;
const cancel = [
  `https://api.logsnag.com/v1/log {"channel":"usage","event":"User cancel","user_id":"org-1","groups":{"organization":"org-1"},"sentToBento":true,"bento":{"event":"user:cancel","preferenceKey":"credit_usage","uniqId":"user:cancel","data":{},"once":ONCE},"project":"acme"}`,
  `${capture}"User cancel","distinct_id":"org-1","properties":{"channel":"usage","$groups":{"organization":"org-1"}},"ip":"203.0.113.7","timestamp":"now"}`,
];

export const expected = {
  results: [true, false, true, true, true],
  requests: [
    `${capture}"Uploaded","distinct_id":"org-1","properties":{"n":1,"channel":"upload","$set":{"n":1}},"timestamp":"now"}`,
    `${capture}"Refused","distinct_id":"anonymous","properties":{"channel":"upload"},"timestamp":"now"}`,
    `${capture}"$groupidentify","distinct_id":"$organization_org-1","properties":{"$group_type":"organization","$group_key":"org-1","$group_set":{"a":1}},"timestamp":"now"}`,
    `${EU}/i/v0/e/ {"token":"phc_test","event":"$exception","properties":{"distinct_id":"backend:test:fn","$exception_list":[{"type":"Error","value":"boom","mechanism":{"handled":true,"synthetic":false},"stacktrace":{"type":"raw","frames":[{"function":"run","filename":"file:///fn.ts","lineno":1,"colno":2,"platform":"custom","lang":"javascript"}]}}],"$exception_fingerprint":"backend:test:fn:unhandled_error:Error:run:file:///fn.ts:500","error_kind":"unhandled_error","function_name":"fn","method":"GET","request_id":"req-1","url_path":"/"},"timestamp":"now"}`,
    `${EU}/s/ {"api_key":"phc_test","distinct_id":"user-1","event":"$snapshot","properties":{"$current_url":"https://console.example/","$lib":"web","$lib_version":"1","$session_id":"session-1","$snapshot_bytes":12,"$snapshot_data":[{"type":4}],"$snapshot_source":"web","$window_id":"window-1","distinct_id":"user-1","token":"phc_test","user_id":"user-1"},"timestamp":"now"}`,
    ...[true, false].flatMap((once) => cancel.map((request) => request.replace("ONCE", String(once)))),
  ],
  printed: [
    "PostHog event sent",
    "PostHog error",
    "PostHog $groupidentify sent",
    "PostHog exception sent",
    "PostHog replay sent",
    "PostHog event sent",
    "PostHog event sent",
  ],
  steps: [
    "open",
    "user:cancel to all of org-1, once",
    "end",
    "open",
    "user:cancel to all of org-1, * * * * *",
    "end",
  ],
};
