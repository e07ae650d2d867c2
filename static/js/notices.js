// What people are told of while they look elsewhere: loaded a moment after the page.

import "./notices/seen.js";
import "./notices/tab_marks.js";
import "./notices/teammates.js";
import "./notices/wishes.js";
import "./notices/browser_notifications.js";
import "./notices/channel.js";
