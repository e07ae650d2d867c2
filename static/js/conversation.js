// What one does with the questions and answers of a conversation, fetched once there is one.

import "./conversation/editing.js";
import "./conversation/quoting.js";
import "./conversation/recalling.js";
import "./conversation/stopping.js";
import "./conversation/verifying.js";
